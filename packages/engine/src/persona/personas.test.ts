import { expect, test } from 'vitest';
import { scriptedModel } from '../../test/scripted-model.ts';
import { ChatEngine } from '../chat-engine.ts';
import { badMoments } from './bad-moments.ts';
import { personas } from './personas.ts';

test.for(Object.entries(personas))('%s keeps the rule for bad moments', ([name, persona]) => {
  expect(persona.name).toBe(name);
  expect(persona.system).toContain(badMoments);
});

test('is told to the model before everything else', async () => {
  const model = scriptedModel('hello');
  const engine = new ChatEngine({ model, persona: 'fire' });
  await engine.getResponse('hi', { sessionId: 's' });
  await engine.getResponse('ho', { sessionId: 's' });
  const roles = model.asked[1]!.messages.map(({ role }) => role);
  expect(roles).toEqual(['system', 'user', 'assistant', 'user']);
  expect(model.asked[1]?.messages[0]?.content).toBe(personas.fire.system);
});

test('may be a text of its own, or a persona with a temperature', async () => {
  const model = scriptedModel('hello');
  await new ChatEngine({ model, persona: 'Answer in rhymes.' }).getResponse('hi');
  expect(model.asked[0]?.messages[0]).toEqual({ role: 'system', content: 'Answer in rhymes.' });
  const persona = { name: 'cold', description: '', system: 'Be exact.', temperature: 0 };
  await new ChatEngine({ model, persona }).getResponse('hi');
  expect(model.asked[1]).toMatchObject({ temperature: 0 });
});

test('none is used unless asked for', async () => {
  const model = scriptedModel('hello');
  await new ChatEngine({ model }).getResponse('hi');
  expect(model.asked[0]?.messages).toHaveLength(1);
});

test('answers of two personas are not mixed up', async () => {
  const model = scriptedModel(['one', 'two']);
  const store = new Map();
  const replies = [];
  for (const persona of ['fire', 'whisper'] as const) {
    const engine = new ChatEngine({ model, persona, cache: { store } });
    replies.push((await engine.getResponse('hi')).content);
    await engine.shutdown();
  }
  expect(replies).toEqual(['one', 'two']);
});
