import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type * as accounts from './dialects/accounts.ts';
import type * as vault from './dialects/vault.ts';
import { cachedAsync, functionDecorator, timedExecution } from '../src/index.ts';

const packageRoot = join(import.meta.dirname, '..');
const workspaceRoot = join(packageRoot, '../..');
// Inside the package, so that the compiled file finds what it imports; and where git looks away.
const folder = join(packageRoot, '.reports/dialects');

/** Compiles the fixture with TypeScript itself, which also checks its types, and loads the result. */
async function compiled<Fixture = typeof accounts>(
  dialect: string,
  experimentalDecorators: boolean,
  name = 'accounts',
): Promise<Fixture> {
  const target = join(folder, dialect);
  mkdirSync(target, { recursive: true });
  copyFileSync(join(packageRoot, `test/dialects/${name}.ts`), join(target, `${name}.ts`));
  const config = {
    extends: join(workspaceRoot, 'tsconfig.base.json'),
    compilerOptions: {
      experimentalDecorators,
      noEmit: false,
      // All sources come along; what they import is resolved by name again.
      rootDir: workspaceRoot,
      outDir: 'out',
      target: 'ES2022',
    },
    files: [`${name}.ts`],
  };
  writeFileSync(join(target, 'tsconfig.json'), JSON.stringify(config));
  execFileSync('tsc', ['-p', target], { encoding: 'utf8' });
  const file = join(target, 'out', relative(workspaceRoot, target), `${name}.js`);
  expect(readFileSync(file, 'utf8')).toContain(
    experimentalDecorators ? '__decorate' : '__esDecorate',
  );
  return (await import(file)) as Fixture;
}

afterAll(() => rmSync(join(packageRoot, '.reports'), { recursive: true, force: true }));

describe('the dialects of decorators', () => {
  test.for([
    ['standard', false],
    ['legacy', true],
  ] as const)('%s: methods are cached for each instance, and timed', async ([dialect, legacy]) => {
    const { Accounts, metrics } = await compiled(dialect, legacy);
    const [ann, bob] = [new Accounts('Ann'), new Accounts('Bob')];
    expect(await Promise.all([ann.read('name'), ann.read('name'), bob.read('name')])).toEqual([
      'name of Ann',
      'name of Ann',
      'name of Bob',
    ]);
    expect(await ann.read('name')).toBe('name of Ann');
    expect([ann.runs, bob.runs]).toEqual([1, 1]);
    expect(ann.sum(1, 2)).toBe(3);
    expect(metrics.getSummary()).toMatchObject({
      read: { totalRequests: 4 },
      sum: { totalRequests: 1 },
    });
  });

  test('a class, a field, an accessor or a getter can not be decorated', () => {
    const decorate = cachedAsync() as unknown as (...args: unknown[]) => unknown;
    for (const kind of ['class', 'field', 'accessor', 'getter', 'setter']) {
      expect(() => decorate(() => {}, { kind, name: 'x' })).toThrow(
        `Expected a function or a method to decorate, got ${kind}`,
      );
    }
    expect(() => decorate({}, 'field')).toThrow('got property');
    expect(() => decorate({}, 'x', { get: () => 1 })).toThrow('got accessor');
    expect(() => decorate({}, 'x', { value: 5 })).toThrow('got number');
    expect(() => decorate({}, undefined, undefined)).toThrow('got object');
    expect(() => decorate(5)).toThrow(TypeError);
  });

  test('a static method is cached for each class, and `this` is the class', async () => {
    for (const [dialect, legacy] of [
      ['standard', false],
      ['legacy', true],
    ] as const) {
      const { Accounts } = await compiled(`static-${dialect}`, legacy);
      class Others extends Accounts {
        static override bank = 'others';
      }
      expect(await Promise.all([Accounts.open('a'), Accounts.open('a'), Others.open('a')])).toEqual(
        ['a at bank, run 1', 'a at bank, run 1', 'a at others, run 2'],
      );
    }
  });

  test('a private method is decorated as well, where the dialect has them', async () => {
    const { Vault, metrics } = await compiled<typeof vault>('private', false, 'vault');
    const [one, two] = [new Vault(1), new Vault(2)];
    expect([await one.read(), await one.read(), await two.read()]).toEqual([1, 1, 2]);
    expect([one.runs, two.runs]).toEqual([1, 1]);
    expect(Object.keys(metrics.getSummary())).toEqual(['#load']);
  });

  test('functions are wrapped in a list, too, where the place and the list come along', () => {
    type Maths = (n: number) => number;
    const wrap = timedExecution('math') as unknown as (
      fn: Maths,
      at: number,
      all: Maths[],
    ) => Maths;
    const wrapped = [(n: number) => n + 1, (n: number) => n * 2].map(wrap);
    expect(wrapped.map((fn) => fn(5))).toEqual([6, 10]);
  });

  test('a decorator of one’s own is told the name', () => {
    const names: string[] = [];
    const note = functionDecorator<unknown>((fn, name) => {
      names.push(name);
      return fn;
    });
    note(function load() {});
    note(() => {});
    expect(names).toEqual(['load', 'anonymous']);
  });

  test('a property of the method that is not its value is left as it is', () => {
    const decorate = timedExecution() as unknown as (...args: unknown[]) => PropertyDescriptor;
    const descriptor = { value: () => 1, enumerable: false, writable: true, configurable: false };
    expect(decorate({}, 'read', descriptor)).toMatchObject({
      enumerable: false,
      writable: true,
      configurable: false,
    });
  });
});
