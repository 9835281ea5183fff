/** What is a secret when a field's name ends with it (`clientSecret`, `x-api-key`, `accesstoken`). */
const endings =
  /(?:api_?|access_?|private_?|secret_?|signing_?|encryption_?|master_?|subscription_?|account_?|service_?)keys?$|(?:token|jwt|bearer|pwd)$|(?:^|_)auth$/;

/** What is a secret wherever it stands in a name (`password_hash`, `set-cookie`). */
const words =
  /password|passwd|passphrase|authorization|credential|cookie|(?:^|_)secrets?(?:_|$)|secret$/;

/**
 * Whether a field of this name holds a secret, in any case or spelling: `apiKey`, `API_KEY`,
 * `x-api-key`, `Authorization`, `refresh_token` … `tokens`, `maxTokens` are counts and no secrets.
 */
export function isSecretKey(name: string): boolean {
  if (name.length > longestName) return false;
  const snake = name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
  return endings.test(snake) || words.test(snake);
}

const longestName = 200;
