/** What is a secret when a field's name ends with it (`clientSecret`, `x-api-key`, `accesstoken`). */
const endings =
  /(?:api_?|auth_?|ssh_?|access_?|private_?|secret_?|signing_?|encryption_?|master_?|subscription_?|account_?|service_?)keys?$|(?:token|jwt|bearer|pwd|_pass)$|(?:^|_)(?:auth|(?:t?otp|pin|cvv|cvc)(?:_code)?)$/;

/** Whose key is a secret, although a `cacheKey` or `primaryKey` isn't (`OPENAI_KEY`). */
const services =
  /(?:^|_)(?:open_?ai|anthropic|claude|azure|gemini|google|vertex|mistral|cohere|groq|xai|grok|deep_?seek|together|perplexity|open_?router|hugging_?face|hf|replicate|fireworks|cerebras|bedrock|aws|gcp|cloudflare|git_?hub|git_?lab|slack|stripe|twilio|send_?grid|mailgun|datadog|sentry)_?keys?$/;

/** What says nothing of the kind (`tokenValue`, `authHeader`, `API_KEY_2`). */
const suffixes = /_?(?:value|header|\d{1,3})$/;

/** What only measures tokens (`timeToFirstToken`, `cost_per_output_token`). */
const measures = /(?:per|first|last)_(?:input_|output_)?token$/;

/** What is a secret wherever it stands in a name (`password_hash`, `set-cookie`). */
const words =
  /password|passwd|passphrase|passcode|mnemonic|authorization|credential|cookie|(?:^|_)secrets?(?:_|$)|secret$/;

/**
 * Whether a field of this name holds a secret, in any case or spelling: `apiKey`, `API_KEY`,
 * `x-api-key`, `Authorization`, `refresh_token` … `tokens`, `maxTokens` are counts and no secrets.
 */
export function isSecretKey(name: string): boolean {
  const snake = name
    .slice(-longestName)
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/_$/, '')
    .replace(suffixes, '');
  if (words.test(snake) || services.test(snake)) return true;
  return endings.test(snake) && !measures.test(snake);
}

const longestName = 200;
