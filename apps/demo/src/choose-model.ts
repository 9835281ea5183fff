import { modelFromEnvironment } from '@kortana/engine';
import { offlineModel, type ChatModel } from '@kortana/llm';

export interface Choice {
  model: ChatModel;
  /** What the user is told about it. */
  says: string;
}

interface Wishes {
  model: string | undefined;
  baseURL: string | undefined;
  env: Record<string, string | undefined>;
}

/**
 * The model to talk to: the flags first, then OPENAI_API_KEY, OPENAI_BASE_URL and KORTANA_MODEL,
 * else the embedded one. A server of which only the address is known is asked what it serves.
 *
 * @throws RangeError for an address or a key that can't be one
 */
export async function chooseModel({ model: wished, baseURL, env }: Wishes): Promise<Choice> {
  const read = (name: string): string | undefined => env[name]?.trim() || undefined;
  const address = baseURL ?? read('OPENAI_BASE_URL');
  const apiKey = read('OPENAI_API_KEY');
  if (!apiKey && !address)
    return {
      model: offlineModel(),
      says:
        'Running on the embedded offline model, which is not a language model. ' +
        'Set OPENAI_API_KEY, or OPENAI_BASE_URL for a local server, to talk to a real one.',
    };
  const named = wished ?? read('KORTANA_MODEL');
  const id = named ?? (address ? await firstModelOf(address, apiKey) : undefined);
  const model = modelFromEnvironment({ ...env, OPENAI_BASE_URL: address, KORTANA_MODEL: id });
  return {
    model,
    says: `Talking to ${model.id} at ${address ? new URL(address).host : 'api.openai.com'}.`,
  };
}

/** The first model that the server lists; undefined where it lists none, says nothing, or is slow. */
async function firstModelOf(baseURL: string, apiKey?: string): Promise<string | undefined> {
  try {
    const reply = await fetch(`${baseURL.replace(/\/$/, '')}/models`, {
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      signal: AbortSignal.timeout(3000),
      redirect: 'error',
    });
    const list = (await reply.json()) as { data?: { id?: unknown }[] };
    const id = list.data?.[0]?.id;
    return typeof id === 'string' ? id : undefined;
  } catch {
    // The first question will say what is wrong, with all the engine knows about it.
    return undefined;
  }
}
