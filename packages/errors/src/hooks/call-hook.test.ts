import { beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { callHook, reportHookError } from '../index.ts';

let emitWarning: MockInstance<typeof process.emitWarning>;
beforeEach(() => {
  emitWarning = vi.spyOn(process, 'emitWarning').mockReturnValue();
});

test('calls the hook with the arguments', () => {
  const hook = vi.fn();
  callHook('onX', hook, [1, 'a']);
  expect(hook.mock.calls).toEqual([[1, 'a']]);
  callHook('onX', undefined, [1]);
});

test('a hook that throws, or whose promise rejects, is reported and does no harm', async () => {
  const report = vi.fn();
  const thrown = new Error('thrown');
  const rejected = new Error('rejected');
  callHook(
    'onX',
    () => {
      throw thrown;
    },
    [],
    report,
  );
  callHook('onY', () => Promise.reject(rejected), [], report);
  callHook('onZ', () => ({ then: 5 }), [], report);
  await new Promise(setImmediate);
  expect(report.mock.calls).toEqual([
    ['onX', thrown],
    ['onY', rejected],
  ]);
});

test('a report that throws does no harm either', async () => {
  const report = () => {
    throw new Error('report');
  };
  callHook(
    'onX',
    () => {
      throw new Error('x');
    },
    [],
    report,
  );
  callHook('onX', () => Promise.reject(new Error('x')), [], report);
  await new Promise(setImmediate);
  expect(emitWarning).not.toHaveBeenCalled();
});

test('without a logger it is a warning of the process, its secrets masked', () => {
  reportHookError('onRemove', new Error('bad key sk-12345678'));
  expect(emitWarning).toHaveBeenCalledExactlyOnceWith('`onRemove` failed: bad key [masked]', {
    type: 'KortanaWarning',
    code: 'KORTANA_HOOK',
  });
});

test('where there is no process, or no warnings, nothing happens', () => {
  emitWarning.mockImplementation(() => {
    throw new Error('no');
  });
  reportHookError('onRemove', new Error('x'));
  vi.stubGlobal('process', undefined);
  reportHookError('onRemove', new Error('x'));
  vi.unstubAllGlobals();
  expect(emitWarning).toHaveBeenCalledTimes(1);
});
