import {
  checkFunction,
  checkMethods,
  checkNumber,
  checkObject,
  checkString,
} from '@kortana/errors';
import type { ToolDefinition } from '@kortana/llm';
import { z } from 'zod';

export interface ToolOptions<Shape extends z.ZodType> {
  /** How the model calls it: letters, digits, `_` and `-`, at most 64. */
  name: string;
  /** What it does, for the model. */
  description: string;
  /** What it takes; the model is told the same as JSON Schema. */
  parameters: Shape;
  /** Runs with checked arguments. What it returns is given to the model as JSON, or as it is if it is text. */
  run: (args: z.output<Shape>, context: { signal: AbortSignal }) => unknown;
  /** How long it may run, in milliseconds above 0; default: 30 000. */
  timeoutMs?: number | undefined;
}

/** A function that a model may have called. */
export interface Tool {
  readonly definition: ToolDefinition;
  readonly timeoutMs: number;
  /** @param args JSON text as the model wrote it */
  call(args: string, signal: AbortSignal): Promise<string>;
}

/** @throws TypeError for what is no tool, RangeError for two of one name: the model couldn't tell them apart */
export function checkTools(tools: readonly Tool[]): readonly Tool[] {
  if (!Array.isArray(tools)) throw new TypeError('Expected `tools` to be an array of tools');
  const names = new Set<string>();
  for (const one of tools as readonly Tool[]) {
    const { name } = checkObject('definition', checkMethods('tools', one, ['call']).definition);
    if (names.has(name))
      throw new RangeError(`Expected \`tools\` to have a name each, got '${name}' twice`);
    names.add(name);
  }
  return tools;
}

/**
 * Makes a function callable by models. What the model writes is checked before it runs.
 *
 *     const add = tool({
 *       name: 'add',
 *       description: 'Adds two numbers',
 *       parameters: z.object({ a: z.number(), b: z.number() }),
 *       run: ({ a, b }) => a + b,
 *     });
 */
export function tool<Shape extends z.ZodType>(options: ToolOptions<Shape>): Tool {
  const {
    name,
    description,
    parameters,
    run,
    timeoutMs = 30_000,
  } = checkObject('options', options);
  if (!/^[\w-]{1,64}$/.test(checkString('name', name))) {
    throw new RangeError('Expected `name` to be 1 to 64 letters, digits, `_` or `-`');
  }
  checkFunction('run', run);
  checkMethods('parameters', parameters, ['parseAsync']);
  return {
    definition: {
      name,
      description: checkString('description', description),
      parameters: z.toJSONSchema(parameters, { io: 'input' }),
    },
    timeoutMs: checkNumber('timeoutMs', timeoutMs, { above: 0, infinite: true }),
    call: async (args, signal) => {
      const value: unknown = args.trim() === '' ? {} : JSON.parse(args);
      const checked = await parameters.parseAsync(value);
      const result = await run(checked, { signal });
      return typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null');
    },
  };
}
