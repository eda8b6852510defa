/** Our own JSON: a quiz as `POST /v1/quizzes` takes it, read question by question. */
import { type ImportedFile, isRecord, parseJson, UnreadableFileError } from './imported-row.js';

/** @throws UnreadableFileError */
export function readJsonQuiz(text: string): ImportedFile {
  const quiz = parseJson(text);
  if (!isRecord(quiz) || !Array.isArray(quiz['questions'])) throw new UnreadableFileError('expected an object with a title and a list named questions');
  const rows = (quiz['questions'] as unknown[]).map((question, index) =>
    isRecord(question) ? { line: index + 1, question, fixes: [] } : { line: index + 1, refused: 'a question is an object' },
  );
  const notes = Object.keys(quiz)
    .filter((name) => !['title', 'questions', 'defaults', 'quizId', 'etag'].includes(name))
    .map((name) => `"${name}" is not part of a quiz and was left out`);
  return {
    ...(typeof quiz['title'] === 'string' ? { title: quiz['title'] } : {}),
    ...(quiz['defaults'] === undefined ? {} : { defaults: quiz['defaults'] }),
    rows,
    notes,
  };
}
