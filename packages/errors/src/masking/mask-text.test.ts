import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskText } from '../index.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r';

describe('masks', () => {
  test.for([
    ['Incorrect API key provided: sk-proj-abc123_DEF', 'Incorrect API key provided: [masked]'],
    ['sk-1234567890', '[masked]'],
    ['(sk-ant-api03-xyz)', '([masked])'],
    ['ghp_0123456789abcdefABCD and github_pat_11AAAAAAA0abcdefghij', '[masked] and [masked]'],
    ['AKIAIOSFODNN7EXAMPLE', '[masked]'],
    [`got ${jwt}.`, 'got [masked].'],
    ['Authorization: Bearer abc.def-123', 'Authorization: [masked]'],
    ['sent bearer abc123', 'sent bearer [masked]'],
    ['Proxy-Authorization: Basic dXNlcjpwYXNz', 'Proxy-Authorization: [masked]'],
    ['sent Basic dXNlcjpwYXNz', 'sent Basic [masked]'],
    [
      'https://api.example.com/v1?api_key=abc&x=1',
      'https://api.example.com/v1?api_key=[masked]&x=1',
    ],
    ['https://x.io/#access_token=abc', 'https://x.io/#access_token=[masked]'],
    ['postgres://ada:hunter2@db:5432/x', 'postgres://ada:[masked]@db:5432/x'],
    ['redis://:hunter2@cache', 'redis://:[masked]@cache'],
    ['https://ada:hun@ter2@host/', 'https://ada:[masked]@host/'],
    ['x-api-key: abc', 'x-api-key: [masked]'],
    ['password=hunter2', 'password=[masked]'],
    ['Invalid API key: abc', 'Invalid API key: [masked]'],
    ['password = hunter2, user = ada', 'password = [masked], user = ada'],
    ['error: password=hunter2', 'error: password=[masked]'],
    ['{"apiKey":"a b c","model":"m"}', '{"apiKey":"[masked]","model":"m"}'],
    ['{ clientSecret: \'a "b" c\', n: 1 }', "{ clientSecret: '[masked]', n: 1 }"],
    ['"{\\"token\\":\\"abc def\\",\\"n\\":1}"', '"{\\"token\\":\\"[masked]\\",\\"n\\":1}"'],
    ['"password": "a\\"b"', '"password": "[masked]"'],
    ['OPENAI_API_KEY=abc node x', 'OPENAI_API_KEY=[masked] node x'],
    ['Set-Cookie: sid=abc', 'Set-Cookie: [masked]'],
    ['Cookie: sid=abc; other=def\nAccept: */*', 'Cookie: [masked]\nAccept: */*'],
    ["{ 'set-cookie': [ 'sid=abc; Path=/' ], a: 1 }", "{ 'set-cookie': [ '[masked]' ], a: 1 }"],
    ['Authorization: Digest abc', 'Authorization: [masked]'],
    ['{"token":12345,"n":1}', '{"token":"[masked]","n":1}'],
    [
      '{"secrets":["a","b, c", 5 ],"n":["d"]}',
      '{"secrets":["[masked]","[masked]", "[masked]" ],"n":["d"]}',
    ],
    [
      '"\\"{\\\\\\"token\\\\\\":\\\\\\"abc\\\\\\"}\\""',
      '"\\"{\\\\\\"token\\\\\\":\\\\\\"[masked]\\\\\\"}\\""',
    ],
    ['Incorrect API key provided: abc123.', 'Incorrect API key provided: [masked]'],
    ['https://x.io/v1?alt=sse&key=abc&q=1', 'https://x.io/v1?alt=sse&key=[masked]&q=1'],
    ['https://x.io/a?sig=abc', 'https://x.io/a?sig=[masked]'],
    ['https://x.io/a?X-Amz-Signature=abc', 'https://x.io/a?X-Amz-Signature=[masked]'],
    ['https://x.io/a?api%5Fkey=abc&q=1', 'https://x.io/a?api%5Fkey=[masked]&q=1'],
    ['https://x.io/a?x%2dapi%2Dkey=abc', 'https://x.io/a?x%2dapi%2Dkey=[masked]'],
    [
      '?user%5Bpassword%5D=a%26b&user%5Bname%5D=ada',
      '?user%5Bpassword%5D=[masked]&user%5Bname%5D=ada',
    ],
    ['user[password]=abc&user[name]=ada', 'user[password]=[masked]&user[name]=ada'],
    [
      '?to=https%3A%2F%2Fx.io%2F%3Fapi_key%3Dabc&q=1',
      '?to=https%3A%2F%2Fx.io%2F%3Fapi_key%3D[masked]&q=1',
    ],
    ['?to=%2F%3Fq%3D1%26key%3Dabc', '?to=%2F%3Fq%3D1%26key%3D[masked]'],
    ['process.env["OPENAI_KEY"] = "abc"', 'process.env["OPENAI_KEY"] = "[masked]"'],
    ["process.env['API_TOKEN']='abc'", "process.env['API_TOKEN']='[masked]'"],
    ['OPENAI_KEY=abc node x', 'OPENAI_KEY=[masked] node x'],
    ['{"openAIKey":"abc","pin":1234}', '{"openAIKey":"[masked]","pin":"[masked]"}'],
    ['otp: 123456, attempts: 3', 'otp: [masked], attempts: 3'],
    ['your passcode=1234', 'your passcode=[masked]'],
    ['passphrase: correct horse battery staple\nuser: ada', 'passphrase: [masked]\nuser: ada'],
    ['https://0123456789abcdef0123@x.io/', 'https://[masked]@x.io/'],
    [
      '-----BEGIN PGP PRIVATE KEY BLOCK-----\nMIIE\n-----END PGP PRIVATE KEY BLOCK-----',
      '[masked]',
    ],
    ['password: hunter2\npassword: hunter3', 'password: [masked]\npassword: [masked]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', '[masked]'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE', '[masked]'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC\n\nMIIE\n-----END RSA PRIVATE KEY----- end',
      '[masked] end',
    ],
  ] as const)('%s', ([text, masked]) => {
    expect(maskText(text)).toBe(masked);
    expect(maskText(masked)).toBe(masked);
  });
});

describe('leaves alone', () => {
  test.for([
    '',
    'ping: 5 ms, pinned: 3, spinning = 1, option: a',
    '100%: done, 50%ab = 3',
    'https://x.io/?q=a%3Db&page%5Bsize%5D=10&tokens%5Bmax%5D=5',
    'https%3A%2F%2Fx.io%2F%3Fmodel%3Dgpt-4o',
    'rows["name"] = 5, list[key]: 3',
    'The quick brown fox: jumps = over',
    'maxTokens: 1500, totalTokens=20, tokens: 7',
    'a risk-assessment of the disk-usage and a task-list',
    'the bearer of good news and a Bearer token',
    'Basic authentication is basic knowledge',
    'Unexpected token: }',
    'No API key: set OPENAI_API_KEY or pass apiKey, or use offlineModel()',
    'password: Required',
    'Invalid token: expected a string',
    'https://example.com/?page=key&keyword=a&cacheKey=b',
    'a key=value pair',
    'https://ada@example.com/x',
    '{"hasPassword":true,"token":null}',
    'time_to_first_token=350, msPerToken: 12',
    'xai-org makes hf_models',
    'https://example.com:8080/path?q=1#x',
    'mailto:ada@example.com',
    'sk-SK is the locale of Slovakia',
    'eyJ is how base64 of { begins',
    '12:30 and a::b and C:\\tokens',
  ])('%s', (text) => {
    expect(maskText(text)).toBe(text);
  });
});

const pieces = fc.constantFrom(
  'sk-',
  'Bearer ',
  'basic ',
  'eyJ',
  '.',
  ':',
  '://',
  '@',
  '=',
  '"',
  "'",
  '\\',
  ' ',
  '\n',
  'password',
  'cookie',
  '[',
  ']',
  ';',
  'api_key',
  'a',
  'Z',
  '9',
  '-',
  '_',
  '-----BEGIN PRIVATE KEY-----',
  '[masked]',
  '&',
  '%3D',
  '%5F',
  '%5D',
  '%',
  'pin',
);

test('to mask twice changes nothing', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const once = maskText(parts.join(''));
      expect(maskText(once)).toBe(once);
    }),
  );
});

test('a secret of any kind is gone, wherever it stands', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/).map((body) => `x9${body}`);
  const around = fc.constantFrom(' ', '\n', ', ', '(', '"', ': ', ' = ');
  const dress = fc.constantFrom(
    (key: string) => `sk-${key}`,
    (key: string) => `Bearer ${key}`,
    (key: string) => `?api_key=${key}`,
    (key: string) => `"x-api-key": "${key}"`,
    (key: string) => `password=${key}`,
    (key: string) => `https://ada:${key}@example.com`,
  );
  fc.assert(
    fc.property(secret, dress, around, around, (key, wear, before, after) => {
      expect(maskText(`so${before}${wear(key)}${after}it is`)).not.toContain(key);
    }),
  );
});

test.for([
  'password="\\a\\"',
  'a',
  ' ',
  'a ',
  'sk-',
  'Bearer ',
  'bearer  ',
  'eyJ',
  'eyJabcde.',
  '://',
  '://a:',
  '://:@',
  '://a',
  '?key=',
  'a:',
  'password',
  'password:',
  'password="',
  "password='\\",
  '"',
  '\\"',
  '-----BEGIN PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----a-',
  'cookie: a',
  'cookie=[',
  '-----BEGIN ',
  'a=',
  '_',
  '-',
  'Basic a',
  '%5F',
  '%3D',
  'a%5Fb',
  '%aa',
  'token%5D',
  'api_key%3D',
  '%',
])('takes two megabytes of %s', (piece) => {
  const size = Math.floor(2_000_000 / piece.length);
  expect(maskText(piece.repeat(size))).toBeTypeOf('string');
});

test.for(['\\\\', '\\"', 'a', '-a'])('takes a value of two megabytes of %s', (piece) => {
  for (const quote of ['', '"', "'", '\\"']) {
    expect(maskText(`password=${quote}${piece.repeat(1_000_000)}`)).toBeTypeOf('string');
    expect(maskText(`-----BEGIN PRIVATE KEY-----${piece.repeat(1_000_000)}`)).toBeTypeOf('string');
  }
});

const secretNames = ['apiKey', 'password', 'x-api-key', 'token', 'set-cookie', 'my secret'];
const json = fc.jsonValue({
  stringUnit: fc.constantFrom(
    'a',
    ':',
    '"',
    '\\',
    '\n',
    ' ',
    '=',
    'password',
    '[',
    '{',
    '@',
    '//',
    'sk-',
  ),
});

test('JSON stays JSON, also JSON within JSON within JSON', () => {
  const secret = fc.stringMatching(/^[A-Z]{8}["\\ ]?[A-Z]{8}$/);
  fc.assert(
    fc.property(
      json,
      fc.constantFrom(...secretNames),
      secret,
      fc.nat(3),
      (value, name, body, depth) => {
        let text = JSON.stringify([value, { [name]: body, list: { [name]: [body, body] } }]);
        for (let level = 0; level < depth; level++) text = JSON.stringify({ text });
        const masked = maskText(text);
        expect(() => JSON.parse(masked) as unknown).not.toThrow();
        expect(masked).not.toContain(body.slice(0, 8));
        expect(masked).not.toContain(body.slice(-8));
      },
    ),
  );
});
