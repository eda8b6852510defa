/** Quizzes and settings that the tests play. */
import type { Json } from './host.js';

const single = (text: string, more: Json = {}): Json => ({ type: 'single', text, options: [{ text: 'one' }, { text: 'two' }, { text: 'three' }], key: 'b', limitMs: 20_000, ...more });

/** `count` single-choice questions; "b" is right. */
export function quizOf(count: number, more: Json = {}): Json {
  return { title: `${count} questions`, questions: Array.from({ length: count }, (_, index) => single(`Question ${index + 1}?`, more)) };
}

/** No waiting before a question, and none after it but what the host orders. */
export const swift: Json = { timing: { startMs: 0, readMs: 0 }, leadMs: 0 };
