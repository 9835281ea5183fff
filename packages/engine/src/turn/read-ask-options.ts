import {
  checkInteger,
  checkNumber,
  checkObject,
  checkOneOf,
  checkSignal,
  checkString,
} from '@kortana/errors';
import type { AskOptions } from './ask-options.ts';

/** @throws TypeError, RangeError for a wrong option */
export function readAskOptions(options: AskOptions): AskOptions {
  checkObject('options', options);
  const { sessionId, userId, signal, cache, model, temperature, maxTokens } = options;
  if (sessionId !== undefined) checkId('sessionId', sessionId);
  if (userId !== undefined) checkId('userId', userId);
  if (signal !== undefined) checkSignal('signal', signal);
  if (cache !== undefined) checkOneOf('cache', cache, ['use', 'refresh', 'off']);
  if (model !== undefined) checkString('model', model);
  if (temperature !== undefined) checkNumber('temperature', temperature, { min: 0, max: 2 });
  if (maxTokens !== undefined) checkInteger('maxTokens', maxTokens, { min: 1 });
  return options;
}

/** An empty one would be everybody's. */
function checkId(name: string, id: string): void {
  if (checkString(name, id) === '') throw new RangeError(`Expected \`${name}\` not to be empty`);
}
