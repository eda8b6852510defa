/** Reads a question set of any known kind and stores it as a quiz. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RestClient, StoredQuiz } from './rest-client.js';

/** From dist/apps/demo/src to examples/. */
const exampleFile = fileURLToPath(new URL('../../../../examples/english.quiz.json', import.meta.url));

export type QuestionSet = { readonly format: 'json' | 'csv' | 'opentdb'; readonly text: string };

/** @throws Error that names the file and says what is wrong with it. */
export function readQuestionSet(file: string = exampleFile): QuestionSet {
  const text = readFileSync(file, 'utf8');
  if (!text.trimStart().startsWith('{')) return { format: 'csv', text };
  try {
    const parsed = JSON.parse(text) as { results?: unknown };
    return { format: Array.isArray(parsed.results) ? 'opentdb' : 'json', text };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Imports the set, then keeps its first `questions` with `limitMs` each as the quiz to play. */
export async function storeQuiz(rest: RestClient, set: QuestionSet, limits: { questions: number; limitMs: number }): Promise<StoredQuiz> {
  const { quizId } = await rest.importQuiz(set.format, set.text);
  const whole = await rest.getQuiz(quizId);
  const questions = whole.questions.slice(0, limits.questions).map((question) => ({ ...question, limitMs: limits.limitMs }));
  return rest.createQuiz({ title: whole.title, questions });
}
