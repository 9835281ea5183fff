import { parseArgs } from 'node:util';
import { personas, type PersonaName } from '@kortana/engine';

export interface Arguments {
  help: boolean;
  version: boolean;
  model: string | undefined;
  baseURL: string | undefined;
  persona: PersonaName | undefined;
  session: string | undefined;
  continue: boolean;
  memory: boolean;
  /** What stands beside the options: one question, asked at once. */
  question: string | undefined;
}

export const usage = `kortana: a chat in the terminal that shows what the engine did

Usage
  kortana                      talk; /help lists the commands
  kortana "a question"         one question, one answer
  cat notes | kortana "sum up" the piped text belongs to the question
  printf 'a\\nb\\n' | kortana    each line is a question of its own

Options
  -m, --model NAME       the model to ask           (KORTANA_MODEL)
  -b, --base-url URL     an OpenAI-compatible server (OPENAI_BASE_URL)
  -p, --persona NAME     ${Object.keys(personas).join(', ')}
  -s, --session NAME     go on with a session, or begin it
  -c, --continue         go on with the last session
      --no-memory        remember nothing
  -h, --help             this text
  -V, --version          the version

Environment
  OPENAI_API_KEY         the provider's key
  KORTANA_MEMORY         the file that remembers (default: ~/.local/share/kortana/memory.db)
  NO_COLOR               any value: no colours
Without a key and a base URL an embedded offline model answers. It is no language model and says so.

Only a talk in the terminal, or one with a session, is remembered.
The answer goes to stdout, everything else to stderr.
Exit codes: 0 answered, 1 not answered, 2 wrong usage, 130 interrupted.
`;

/** Throws a TypeError that says what is wrong with the command line. */
export function readArguments(argv: string[]): Arguments {
  const { values, positionals } = parseArgs({
    // pnpm hands `--` on to the program.
    args: argv[0] === '--' ? argv.slice(1) : argv,
    allowPositionals: true,
    allowNegative: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', short: 'V', default: false },
      model: { type: 'string', short: 'm' },
      'base-url': { type: 'string', short: 'b' },
      persona: { type: 'string', short: 'p' },
      session: { type: 'string', short: 's' },
      continue: { type: 'boolean', short: 'c', default: false },
      memory: { type: 'boolean', default: true },
    },
  });
  return {
    help: values.help,
    version: values.version,
    model: values.model,
    baseURL: values['base-url'],
    persona: readPersona(values.persona),
    session: readSession(values.session),
    continue: values.continue,
    memory: values.memory,
    question: positionals.join(' ').trim() || undefined,
  };
}

function readSession(name: string | undefined): string | undefined {
  if (name?.trim() === '')
    throw new TypeError('Expected `--session` to be a name, got an empty one');
  return name;
}

function readPersona(name: string | undefined): PersonaName | undefined {
  if (name === undefined || Object.hasOwn(personas, name)) return name as PersonaName | undefined;
  const known = Object.keys(personas).join(', ');
  throw new TypeError(`Expected \`--persona\` to be one of ${known}, got ${name}`);
}
