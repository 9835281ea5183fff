import { offlineModel, openaiModel, type ChatModel } from '@kortana/llm';

/**
 * The model that the environment asks for: with `OPENAI_API_KEY` or `OPENAI_BASE_URL` that server's
 * `KORTANA_MODEL` (default: `gpt-4o`), else the embedded offline model.
 */
export function modelFromEnvironment(
  environment: Record<string, string | undefined> = process.env,
): ChatModel {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const apiKey = read('OPENAI_API_KEY');
  const baseURL = read('OPENAI_BASE_URL');
  if (apiKey === undefined && baseURL === undefined) return offlineModel();
  return openaiModel({ model: read('KORTANA_MODEL'), apiKey, baseURL });
}
