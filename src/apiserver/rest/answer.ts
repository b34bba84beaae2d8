/** Making answers. */
import type { StatusError } from '../../api/errors.js';
import type { Answer } from '../long-running.js';

const JSON_HEADERS = { 'content-type': 'application/json' };

export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { ...JSON_HEADERS, ...headers },
  body,
});
export const text = (body: string, status = 200): Answer => ({ status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body });
export const failed = (error: StatusError): Answer => json(error.status, error.code);
/** What the mux says of a path it does not know. */
export const pageNotFound = (): Answer => text('404 page not found\n', 404);

/** `Warning: 299 - "text"`, several in one header. */
export function withWarnings(answer: Answer, warnings: readonly string[]): Answer {
  if (warnings.length === 0) return answer;
  const header = [...new Set(warnings)].map((warning) => `299 - "${warning.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(', ');
  return { ...answer, headers: { ...answer.headers, warning: header } };
}
