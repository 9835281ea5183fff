import type { Readable, Writable } from 'node:stream';

type Terminal = { isTTY?: boolean | undefined };

/** The world the program talks to: `process`, or streams of a test. */
export interface Surroundings {
  stdin: Readable & Terminal;
  stdout: Writable & Terminal;
  stderr: Writable & Terminal;
  env: Record<string, string | undefined>;
}

/** Answers go out on `answer`, everything else is said on `aside`. */
export interface Console {
  input: Readable;
  /** A person types here and reads there: prompts and line editing make sense. */
  interactive: boolean;
  answer(text: string): void;
  aside(text: string): void;
  dim(text: string): string;
  bold(text: string): string;
  warn(text: string): string;
  /** Shown while nothing has come yet, and for what; nothing where nobody watches. */
  showWaiting(words?: string): void;
  hideWaiting(): void;
}

// Escape sequences in an answer could repaint the user's terminal or set its clipboard.
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export function consoleOf({ stdin, stdout, stderr, env }: Surroundings): Console {
  // https://no-color.org: any value but the empty one counts.
  const colour = Boolean(stderr.isTTY) && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const paint = (code: number) => (text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const canErase = Boolean(stderr.isTTY) && env['TERM'] !== 'dumb';
  let waiting = false;
  // `kortana | head -1`: whoever reads may leave; that is no error of ours.
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });

  return {
    input: stdin,
    interactive: Boolean(stdin.isTTY && stderr.isTTY),
    answer: (text) => void stdout.write(stdout.isTTY ? text.replace(controls, '') : text),
    aside: (text) => void stderr.write(`${text}\n`),
    dim: paint(2),
    bold: paint(1),
    warn: paint(33),
    showWaiting(words = '') {
      if (!canErase) return;
      waiting = true;
      stderr.write(`\r\x1b[K${paint(2)(`…${words}`)}`);
    },
    hideWaiting() {
      if (!waiting) return;
      waiting = false;
      stderr.write('\r\x1b[K');
    },
  };
}
