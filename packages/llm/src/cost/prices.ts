/** What a million tokens cost, in US dollars. */
export interface Price {
  input: number;
  output: number;
  /** Default: what `input` costs. */
  cachedInput?: number | undefined;
}

/** Prices by provider and model, and the day they were true. */
export interface PriceTable {
  asOf: string;
  prices: Readonly<Record<string, Readonly<Record<string, Price>>>>;
}

const free = { input: 0, output: 0 };

/** List prices of the standard tier; check them before you bill anyone, and give your own. */
export const defaultPrices: PriceTable = {
  asOf: '2026-06-30',
  prices: {
    offline: { 'kortana-offline': free },
    openai: {
      'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
      'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
      'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
      'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
      'gpt-4.1-nano': { input: 0.1, cachedInput: 0.025, output: 0.4 },
      'gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
      'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
      'gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
      'gpt-5.4': { input: 2.5, cachedInput: 0.25, output: 15 },
      'gpt-5.4-mini': { input: 0.75, cachedInput: 0.075, output: 4.5 },
      'gpt-5.4-nano': { input: 0.2, cachedInput: 0.02, output: 1.25 },
      'gpt-5.5': { input: 5, cachedInput: 0.5, output: 30 },
    },
  },
};
