/** A field of whatever was thrown; undefined where there is none, or where reading it throws. */
export function fieldOf(error: unknown, name: string): unknown {
  try {
    return (error as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
