import { offlineModel, openaiModel, type ChatModel } from '@kortana/llm';

/**
 * The model that the environment asks for: with `OPENAI_API_KEY` or `OPENAI_BASE_URL` that server's
 * `KORTANA_MODEL` (default: `gpt-4o`), else the embedded offline model.
 */
export function modelFromEnvironment(
  environment: Record<string, string | undefined> = process.env,
): ChatModel {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL, KORTANA_MODEL: model } = environment;
  if (!apiKey && !baseURL) return offlineModel();
  return openaiModel({
    model: model || undefined,
    apiKey: apiKey || undefined,
    baseURL: baseURL || undefined,
  });
}
