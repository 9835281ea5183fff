type Schema = Record<string, unknown>;

/** The smallest value that a JSON Schema allows: the same for the same schema. */
export function sampleOf(schema: Schema, root: Schema = schema): unknown {
  const target = typeof schema['$ref'] === 'string' ? follow(schema['$ref'], root) : schema;
  if ('const' in target) return target['const'];
  if ('default' in target) return target['default'];
  const choices = target['enum'] ?? target['anyOf'] ?? target['oneOf'];
  if (Array.isArray(choices)) {
    return target['enum'] ? (choices[0] as unknown) : sampleOf(choices[0] as Schema, root);
  }
  const type = Array.isArray(target['type']) ? (target['type'][0] as unknown) : target['type'];
  switch (type) {
    case 'string':
      return 'text'.padEnd(Number(target['minLength'] ?? 0), 'x');
    case 'integer':
    case 'number':
      return Number(target['minimum'] ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array': {
      const item = sampleOf((target['items'] ?? {}) as Schema, root);
      return Array.from({ length: Math.max(1, Number(target['minItems'] ?? 1)) }, () => item);
    }
    default:
      return Object.fromEntries(
        Object.entries((target['properties'] ?? {}) as Record<string, Schema>).map(
          ([key, value]) => [key, sampleOf(value, root)],
        ),
      );
  }
}

const follow = (ref: string, root: Schema): Schema =>
  ref
    .split('/')
    .slice(1)
    .reduce<Schema>((at, key) => (at[key] ?? {}) as Schema, root);
