import type { Health, MemoryStore } from '../memory-store.ts';

/**
 * What a call does instead of what it should:
 * - `ok`: nothing instead.
 * - `fail`, or an Error: rejects, and the store isn't asked.
 * - `hang`: never ends, and the store isn't asked.
 * - `lose`: the store does it, but the answer is lost: rejects.
 * - `loseAndHang`: the store does it, and the call never ends.
 * - `{ delayMs }`: the store is asked that much later.
 */
export type Fault = 'ok' | 'fail' | 'hang' | 'lose' | 'loseAndHang' | Error | { delayMs: number };

/**
 * Faults by the name of the method (`append`, `facts.list`, …), `*` for all that aren't named. A list
 * is used up call by call, then all is well. The script is read at each call: change it meanwhile to
 * bring the store down and up.
 */
export type FaultScript = Record<string, Fault | Fault[] | undefined>;

type Method = (...args: unknown[]) => Promise<unknown>;

/** A store that fails as the script says, to see what becomes of those who rely on it. */
export function faulty(store: MemoryStore, script: FaultScript): MemoryStore {
  return wrap(store, '', script);
}

function wrap<T extends object>(target: T, path: string, script: FaultScript): T {
  // Before an object of its own: a proxy may not say other than a frozen target.
  return new Proxy(Object.create(target) as T, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key);
      const name = path + String(key);
      if (typeof value === 'function') {
        const method: Method = (...args) => Reflect.apply(value as Method, target, args);
        if (name === 'close' || name === 'onNotice') return method;
        const call: Method = (...args) => suffer(next(script, name), () => method(...args));
        if (name !== 'ping') return call;
        return (...args: unknown[]) => call(...args).catch((error: Error) => unwell(target, error));
      }
      return typeof value === 'object' && value !== null ? wrap(value, `${name}.`, script) : value;
    },
  });
}

function next(script: FaultScript, name: string): Fault {
  const planned = script[name] ?? script['*'];
  return (Array.isArray(planned) ? planned.shift() : planned) ?? 'ok';
}

async function suffer(fault: Fault, run: () => Promise<unknown>): Promise<unknown> {
  if (fault instanceof Error) throw fault;
  if (typeof fault === 'object') {
    await new Promise((resolve) => void setTimeout(resolve, fault.delayMs));
    return run();
  }
  if (fault === 'ok') return run();
  if (fault === 'lose' || fault === 'loseAndHang') await run();
  if (fault === 'hang' || fault === 'loseAndHang') return new Promise(() => {});
  throw new Error('The store fails, as the script says');
}

function unwell(store: object, { message }: Error): Health {
  const { name } = store as MemoryStore;
  return { ok: false, store: name, code: 'MEMORY_ERROR', message, notices: [] };
}
