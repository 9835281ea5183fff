import { type ChatRequestBody, lastUserText, textOf } from './chat-request.ts';
import { withoutDirectives } from './directive.ts';
import { sampleOf } from './schema-sample.ts';

/** What the model says; an application can give its own with `startProvider({ answer })`. */
export interface Answer {
  content: string;
  reasoning?: string;
  toolCalls?: { name: string; arguments: string }[];
}

const sum = /(-?\d+(?:\.\d+)?)\s*([-+*x×/÷])\s*(-?\d+(?:\.\d+)?)/;

const calculate = (left: number, sign: string, right: number): number => {
  if (sign === '+') return left + right;
  if (sign === '-') return left - right;
  return sign === '/' || sign === '÷' ? left / right : left * right;
};

const toolFor = (body: ChatRequestBody) => {
  const choice = body.tool_choice;
  const answered = body.messages.at(-1)?.role === 'tool';
  if (!body.tools || choice === 'none' || answered) return undefined;
  if (typeof choice === 'object' && choice !== null) {
    const { name } = (choice as { function: { name: string } }).function;
    return body.tools.find((tool) => tool.function.name === name);
  }
  const asked = lastUserText(body.messages);
  return choice === 'required'
    ? body.tools[0]
    : body.tools.find((tool) => asked.includes(tool.function.name));
};

/**
 * The answer that the request alone decides: `[[say: …]]` is said, `[[words: 20]]` gives twenty
 * words, a sum is computed, a question for the first message is answered, a tool that is required or named is called, a
 * schema is filled, and all else is echoed.
 */
export function answerTo(body: ChatRequestBody): Answer {
  const asked = lastUserText(body.messages);
  const tool = toolFor(body);
  if (tool) {
    const { name, parameters } = tool.function;
    return {
      content: '',
      toolCalls: [{ name, arguments: JSON.stringify(sampleOf(parameters ?? {})) }],
    };
  }
  const reasoning = /\[\[think:\s*([^\]]*)\]\]/.exec(asked)?.[1];
  return { content: contentFor(body, asked), ...(reasoning === undefined ? {} : { reasoning }) };
}

function contentFor(body: ChatRequestBody, asked: string): string {
  const said = /\[\[say:\s*([^\]]*)\]\]/.exec(asked)?.[1];
  if (said !== undefined) return said;
  const words = /\[\[words:\s*(\d+)\s*\]\]/.exec(asked)?.[1];
  if (words)
    return Array.from({ length: Number(words) }, (_, index) => `word${index + 1}`).join(' ');
  if (body.response_format?.type === 'json_schema') {
    return JSON.stringify(sampleOf(body.response_format.json_schema?.schema ?? {}));
  }
  const text = withoutDirectives(asked);
  if (body.response_format?.type === 'json_object') return JSON.stringify({ answer: text });
  const [, left, sign, right] = sum.exec(text) ?? [];
  if (left && sign && right) return String(calculate(Number(left), sign, Number(right)));
  if (/\bfirst\b/i.test(text) && /\bI\b/.test(text)) {
    const first = body.messages.find((message) => message.role === 'user');
    return `You said first: ${withoutDirectives(textOf(first?.content))}`;
  }
  return `You said: ${text}`;
}
