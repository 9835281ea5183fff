import { checkBoolean, checkObject, checkString } from '@kortana/errors';
import { checkId, checkTurn } from '../check-turn.ts';
import type { SessionDump } from '../memory-store.ts';
import { fromMarkdown } from './markdown.ts';

/** What was exported, from any of its forms. Throws a TypeError or RangeError if it is none. */
export function readDump(source: SessionDump | string): SessionDump {
  const dump = typeof source === 'string' ? parse(source) : source;
  checkObject('dump', dump);
  const { id, title, archived } = checkObject('session', dump.session);
  checkId('session.id', id);
  if (title !== undefined) checkString('session.title', title);
  if (archived !== undefined) checkBoolean('session.archived', archived);
  if (!Array.isArray(dump.turns)) throw new TypeError('Expected `turns` to be an array');
  for (const turn of dump.turns) {
    checkTurn({ ...checkObject('turn', turn), sessionId: id });
    checkId('turn.id', turn.id);
  }
  return dump;
}

function parse(text: string): SessionDump {
  if (!text.trimStart().startsWith('{')) return fromMarkdown(text);
  try {
    return JSON.parse(text) as SessionDump;
  } catch (error) {
    throw new RangeError('Expected `dump` to be JSON or Markdown as `export` gives it', {
      cause: error,
    });
  }
}
