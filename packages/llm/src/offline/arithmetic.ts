const priorities: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '^': 3 };

const apply = (left: number, sign: string, right: number): number => {
  if (sign === '+') return left + right;
  if (sign === '-') return left - right;
  if (sign === '*') return left * right;
  return sign === '/' ? left / right : left ** right;
};

/** Reads a sum by precedence climbing; NaN where it is none. */
class Sum {
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/\d+(?:\.\d+)?|[-+*/^()]/g) ?? [];
  }

  value(): number {
    const value = this.#climb(1);
    return this.#at === this.#tokens.length ? value : Number.NaN;
  }

  #climb(priority: number): number {
    let left = this.#atom();
    for (;;) {
      const sign = this.#tokens[this.#at] ?? '';
      const own = priorities[sign];
      if (own === undefined || own < priority) return left;
      this.#at += 1;
      // A power binds to the right: 2^3^2 is 512.
      left = apply(left, sign, this.#climb(sign === '^' ? own : own + 1));
    }
  }

  #atom(): number {
    const token = this.#tokens[this.#at++];
    if (token === '-') return -this.#climb(3);
    if (token !== '(') return Number(token);
    const inside = this.#climb(1);
    return this.#tokens[this.#at++] === ')' ? inside : Number.NaN;
  }
}

/** Dates and phone numbers: `2026-11-25`, `1/2/2026`, `555-123-4567`. */
const isNumbering = (text: string): boolean => /^\d+([-/])\d+\1\d+$/.test(text);

/** The first sum in a text, and what it makes; `undefined` where there is none. */
export function solveSum(text: string): { sum: string; value: number } | undefined {
  const plain = text
    .slice(0, 1000)
    .replaceAll(/[×·]/g, '*')
    .replaceAll('÷', '/')
    .replaceAll('−', '-');
  for (const [found] of plain.matchAll(/[-(\d][-+*/^().\d\s]*[)\d]/g)) {
    const sum = found.trim();
    if (!/\d\s*[-+*/^]/.test(sum) || isNumbering(sum)) continue;
    const value = new Sum(sum).value();
    if (Number.isFinite(value)) return { sum, value: Number(value.toPrecision(12)) };
  }
  return undefined;
}
