import { checkMethods, checkObject, ModelError } from '@kortana/errors';
import type {
  ChatModel,
  ChatRequest,
  ChatResult,
  CompleteOptions,
  TokenUsage,
} from '../chat-model.ts';
import { type Flaw, judge } from './judge.ts';
import { formatOf, type ObjectOf, type ObjectSchema } from './object-schema.ts';

export interface ObjectRequest<S extends ObjectSchema> extends Omit<ChatRequest, 'responseFormat'> {
  /** What the answer must be: a schema of zod or of any Standard Schema library. */
  schema: S;
  /** Tells the model what the object is; default `answer`. */
  name?: string | undefined;
  /** For libraries that can't give one; default: from the schema. */
  jsonSchema?: Record<string, unknown> | undefined;
}

export interface ObjectOptions extends CompleteOptions {
  /** Whether the model is shown what is wrong with its answer, and asked once more; default true. */
  repair?: boolean | undefined;
}

export interface ObjectResult<T> {
  value: T;
  /** The reply that `value` was read from. */
  result: ChatResult;
  /** Of both attempts; absent where a reply told none. */
  usage?: TokenUsage;
  /** Whether the first answer had to be repaired. */
  repaired: boolean;
}

/**
 * Asks a model for a value of a given shape, and judges what comes: typed, checked, repaired at most
 * once. Works with every `ChatModel`; those that know JSON Schema are held to it.
 *
 * @throws ModelError `INVALID_OUTPUT` (naming the fields), `OUTPUT_TRUNCATED` or `CONTENT_POLICY`
 */
export async function generateObject<S extends ObjectSchema>(
  model: ChatModel,
  request: ObjectRequest<S>,
  options: ObjectOptions = {},
): Promise<ObjectResult<ObjectOf<S>>> {
  checkMethods('model', model, ['complete']);
  checkObject('schema', request.schema?.['~standard']);
  const { schema, name = 'answer', jsonSchema, ...rest } = request;
  const { repair = true, ...limits } = options;
  const asking: ChatRequest = { ...rest, responseFormat: formatOf(schema, name, jsonSchema) };

  const first = await askFor(model, asking, limits);
  const judged = await judge(schema, first.content);
  if (judged.ok) return resultOf(judged.value, [first]);
  if (!repair) throw invalid(first, judged.issues);

  const second = await askFor(model, withIssues(asking, first, judged.issues), limits);
  const again = await judge(schema, second.content);
  if (again.ok) return resultOf(again.value, [first, second]);
  throw invalid(second, again.issues);
}

async function askFor(
  model: ChatModel,
  request: ChatRequest,
  limits: CompleteOptions,
): Promise<ChatResult> {
  const result = await model.complete(request, limits);
  const { finishReason, model: modelName } = result;
  if (finishReason === 'length') {
    const words = `${modelName} ran out of tokens in the middle of its answer: raise maxTokens`;
    throw new ModelError(words, { modelName, code: 'OUTPUT_TRUNCATED', recoverable: false });
  }
  if (finishReason === 'contentFilter') {
    const words = `${modelName} refused to answer`;
    throw new ModelError(words, { modelName, code: 'CONTENT_POLICY', recoverable: false });
  }
  return result;
}

/** So many flaws are told; who has more has not understood. */
const mostFlaws = 20;

function withIssues(
  request: ChatRequest,
  { content }: ChatResult,
  issues: readonly Flaw[],
): ChatRequest {
  const flaws = issues
    .slice(0, mostFlaws)
    .map(({ path, message }) => (path ? `- ${path}: ${message}` : `- ${message}`));
  const complaint = [
    'Your answer does not fit the schema:',
    ...flaws,
    'Answer again, with the corrected JSON only.',
  ];
  return {
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', content },
      { role: 'user', content: complaint.join('\n') },
    ],
  };
}

/** Names the fields and not what is wrong with them: a schema's own words may quote the answer. */
function invalid({ model }: ChatResult, issues: readonly Flaw[]): ModelError {
  const paths = [...new Set(issues.map(({ path }) => path || 'the whole'))].slice(0, mostFlaws);
  return new ModelError(
    `${model} gave an answer that does not fit the schema: ${paths.join(', ')}`,
    {
      modelName: model,
      code: 'INVALID_OUTPUT',
      context: { paths },
    },
  );
}

function resultOf<T>(value: T, results: readonly [ChatResult, ...ChatResult[]]): ObjectResult<T> {
  const usage = results
    .map((result) => result.usage)
    .reduce((sum, one) => sum && one && add(sum, one));
  return {
    value,
    result: results.at(-1)!,
    ...(usage ? { usage } : {}),
    repaired: results.length > 1,
  };
}

function add(left: TokenUsage, right: TokenUsage): TokenUsage {
  const cached = (left.cachedInputTokens ?? 0) + (right.cachedInputTokens ?? 0);
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    totalTokens: left.totalTokens + right.totalTokens,
    ...(cached > 0 ? { cachedInputTokens: cached } : {}),
  };
}
