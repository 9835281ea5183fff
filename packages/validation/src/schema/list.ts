/** The first few of some values, for people. */
export function list(values: readonly unknown[]): string {
  const shown = values
    .slice(0, most)
    .map((value) => (typeof value === 'object' && value !== null ? 'an object' : String(value)));
  return values.length > most ? `${shown.join(', ')} …` : shown.join(', ');
}

const most = 20;
