import type { TokenUsage } from '../chat-model.ts';
import { defaultPrices, type PriceTable } from './prices.ts';

/** Snapshots cost what their model costs: `gpt-4o-2024-08-06`. */
const snapshot = /-\d{4}-\d{2}-\d{2}$/;

/**
 * What a call cost, in US dollars; `undefined` where the price or the usage is not known: a guess
 * would look like a figure.
 */
export function costOf(
  call: { provider: string; model: string; usage?: TokenUsage | undefined },
  { prices }: PriceTable = defaultPrices,
): number | undefined {
  const { provider, model, usage } = call;
  const known = Object.hasOwn(prices, provider) ? prices[provider]! : {};
  const name = Object.hasOwn(known, model) ? model : model.replace(snapshot, '');
  if (!usage || !Object.hasOwn(known, name)) return undefined;
  const { input, output, cachedInput = input } = known[name]!;
  const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens);
  const millionths =
    (usage.inputTokens - cached) * input + cached * cachedInput + usage.outputTokens * output;
  return millionths / 1_000_000;
}
