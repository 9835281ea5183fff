import { RetryableError } from '@kortana/errors';
import { transform } from 'esbuild';
import { expect, test, vi } from 'vitest';
import { asyncRetry } from './async-retry-decorator.ts';

const quick = { initialDelayMs: 0 };

test('wraps a function and keeps its arguments', async () => {
  const fn = vi.fn(async (a: number, b: number) => {
    if (fn.mock.calls.length === 1) throw new RetryableError('once');
    return a + b;
  });
  expect(await asyncRetry(quick)(fn)(1, 2)).toBe(3);
  expect(fn).toHaveBeenCalledTimes(2);
});

const source = `
  const { asyncRetry, RetryableError } = globalThis.forTheExample;
  class Shop {
    calls = 0;
    rate = 2;
    @asyncRetry({ initialDelayMs: 0 })
    async price(amount) {
      if (++this.calls === 1) throw new RetryableError('once');
      return amount * this.rate;
    }
    @asyncRetry({ initialDelayMs: 0 })
    static async open() { return this.name; }
  }
  export default Shop;
`;

test.for(['TC39', 'legacy'])(
  'decorates methods in the %s dialect and keeps this',
  async (dialect) => {
    const { code } = await transform(source, {
      loader: 'ts',
      target: 'es2022',
      tsconfigRaw: { compilerOptions: { experimentalDecorators: dialect === 'legacy' } },
    });
    vi.stubGlobal('forTheExample', { asyncRetry, RetryableError });
    const { default: Shop } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    const shop = new Shop();
    expect(await shop.price(21)).toBe(42);
    expect(shop.calls).toBe(2);
    expect(await Shop.open()).toBe('Shop');
  },
);
