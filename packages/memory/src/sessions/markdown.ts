import { checkObject } from '@kortana/errors';
import type { ChatMessage } from '../chat-message.ts';
import type { SessionDump, SessionInfo } from '../memory-store.ts';
import type { StoredTurn } from '../turn.ts';

/*
 * To be read by people, and back by us: what can't be seen (ids, times, tool calls) stands in HTML
 * comments, which no viewer shows. A line of a message that looks like one of ours gets a `\`.
 */

type Head = { session: SessionInfo };
type Frame = { turn?: Omit<StoredTurn, 'messages'>; message: Record<string, unknown> };

export function toMarkdown({ session, turns }: SessionDump): string {
  const parts = [`# ${oneLine(session.title ?? session.id)}\n${comment({ session })}`];
  for (const { messages, ...turn } of turns) {
    messages.forEach((message, index) => {
      const { content, ...rest } = message;
      const isText = typeof content === 'string';
      const frame: Frame = { ...(index === 0 && { turn }), message: isText ? rest : message };
      const time = index === 0 ? ` · ${new Date(turn.at).toISOString()}` : '';
      const said = isText ? escape(content) : escape(readable(message));
      parts.push(`## ${message.role}${time}\n${comment(frame)}\n\n${said}`);
    });
  }
  return `${parts.join('\n\n')}\n`;
}

/** Throws a RangeError if `text` isn't what `toMarkdown` makes. */
export function fromMarkdown(text: string): SessionDump {
  // We end our first line by `\n`: where it is `\r\n`, somebody has changed them all.
  const plain = /^[^\n]*\r\n/.test(text) ? text.replaceAll('\r\n', '\n') : text;
  // At the end stands one line break, unless somebody has trimmed it.
  const lines = plain.replace(/\n$/, '').split('\n');
  const marks = [...lines.keys()].filter((at) => lines[at]!.startsWith(opening));
  const { session } = read<Partial<Head>>(lines[marks[0] ?? -1]);
  if (session === undefined) throw notOurs();
  const turns: StoredTurn[] = [];
  marks.slice(1).forEach((mark, index) => {
    const { turn, message } = read<Frame>(lines[mark]);
    if (turn) turns.push({ ...turn, messages: [] });
    // Before the next mark stand an empty line and its heading.
    const next = marks[index + 2];
    const end = next === undefined ? lines.length : next - 2;
    const content = message['content'] ?? unescape(lines.slice(mark + 2, end));
    const last = turns.at(-1);
    if (last === undefined) throw notOurs();
    last.messages.push({ ...message, content } as ChatMessage);
  });
  return { session, turns };
}

const opening = '<!-- kortana ';
const closing = ' -->';

function comment(data: Head | Frame): string {
  // Two dashes would end the comment for some readers.
  return opening + JSON.stringify(data).replaceAll('--', String.raw`-\u002d`) + closing;
}

function read<T>(line: string | undefined): T {
  if (!line?.trimEnd().endsWith(closing)) throw notOurs();
  try {
    const data = JSON.parse(line.trimEnd().slice(opening.length, -closing.length)) as T;
    return checkObject('comment', data);
  } catch {
    throw notOurs();
  }
}

function escape(text: string): string {
  // Line by line: for a regular expression, lines end at more characters than for us.
  return text
    .split('\n')
    .map((line) => line.replace(/^(?=\\*<!-- kortana )/, '\\'))
    .join('\n');
}

function unescape(lines: string[]): string {
  return lines.map((line) => line.replace(/^\\(?=\\*<!-- kortana )/, '')).join('\n');
}

/** Parts as people see them; what is kept stands in the comment. */
function readable(message: ChatMessage): string {
  if (typeof message.content === 'string') return message.content;
  return message.content.map((part) => (part.type === 'text' ? part.text : '(image)')).join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function notOurs(): RangeError {
  return new RangeError('Expected `dump` to be JSON or Markdown as `export` gives it');
}
