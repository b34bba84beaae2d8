/** Any error → stderr text + exit code: kubectl's checkErr (k8s.io/kubectl pkg/cmd/util/helpers.go). The one place. */
import { type StatusCause, StatusError } from '../api/errors.js';
import { InvalidSegment, NoSerializer, UpgradeError } from '../client/rest-client.js';
import { NoKindMatch, NoResourceMatch } from '../client/rest-mapper.js';
import { ExitError, UsageError } from './command.js';

export interface Report {
  /** Ends in a newline unless empty. */
  readonly text: string;
  readonly code: number;
}

/** What stopped a command: one failure as it is, several as one (ContinueOnErrorVisitor). */
export function aggregate(errors: readonly unknown[]): Error | undefined {
  const [only] = errors;
  return errors.length === 1 && only instanceof Error ? only : newAggregate(errors);
}

/** utilerrors.NewAggregate: an aggregate of one is one still, and what is in it is a line without `error: `. Its text says once what is the same. */
export function newAggregate(errors: readonly unknown[]): AggregateError | undefined {
  if (errors.length === 0) return undefined;
  const texts = [...new Set(leavesOf(errors).map(messageOf))];
  return new AggregateError(errors, texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`);
}

/** utilerrors.Flatten. */
export const leavesOf = (errors: readonly unknown[]): readonly unknown[] =>
  errors.flatMap((error) => (error instanceof AggregateError ? leavesOf(error.errors) : [error]));

/** Where the first failure is the end (no ContinueOnError). */
export const firstOf = ([first]: readonly unknown[]): unknown => (first instanceof AggregateError ? first.errors[0] : first);

/** utilerrors.FilterOut: an aggregate stays one, whatever is left of it. */
export function filterOut(error: unknown, isIgnored: (error: unknown) => boolean): unknown {
  if (!(error instanceof AggregateError)) return isIgnored(error) ? undefined : error;
  return newAggregate(error.errors.map((one: unknown) => filterOut(one, isIgnored)).filter((one) => one !== undefined));
}

/** Go's err.Error(). */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** apierrors.IsNotFound: of an error itself, not of what an aggregate holds. */
export const isNotFound = (error: unknown): boolean => error instanceof StatusError && error.reason === 'NotFound';

/** Whether this is one of ours, and not a bug. */
const isExpected = (error: unknown): boolean =>
  error instanceof StatusError ||
  error instanceof UsageError ||
  error instanceof ExitError ||
  error instanceof NoKindMatch ||
  error instanceof UpgradeError ||
  error instanceof NoSerializer ||
  error instanceof InvalidSegment ||
  error instanceof NoResourceMatch ||
  (error instanceof AggregateError && error.errors.every(isExpected)) ||
  isConnectionError(error);

/** What Node says of a certificate, in Go's words. */
const CERTIFICATE_ERRORS: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate signed by unknown authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate signed by unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate signed by unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate signed by unknown authority',
  CERT_HAS_EXPIRED: 'certificate has expired or is not yet valid',
};

const isConnectionError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  [...Object.keys(CERTIFICATE_ERRORS), 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'EHOSTUNREACH'].includes(
    String((error as { code?: unknown }).code),
  );

/** Throws what is none of ours. */
export function report(given: unknown, commandPath: string): Report {
  const said = (text: string): Report => ({ text: text === '' || text.endsWith('\n') ? text : `${text}\n`, code: 1 });
  // Once, and no deeper
  const error: unknown = given instanceof AggregateError && given.errors.length === 1 ? given.errors[0] : given;
  if (error instanceof ExitError) return { text: '', code: error.code };
  if (error instanceof StatusError && error.status.reason === 'Invalid') return said(invalidText(error));
  if (error instanceof NoResourceMatch) return said(error.message);
  if (error instanceof AggregateError && error.errors.every(isExpected)) return said(error.errors.map((one) => `${lineOf(one)}\n`).join(''));
  if (error instanceof UsageError) return said((error.hint === 'bare' ? error.message : withPrefix(error.message)) + hintOf(error, commandPath));
  const line = standardMessage(error);
  if (line !== undefined) return said(line);
  if (error instanceof NoKindMatch || error instanceof UpgradeError || error instanceof NoSerializer || error instanceof InvalidSegment)
    return said(withPrefix(error.message));
  // Anything else is a bug in podsim: main.ts says so.
  throw leavesOf([error]).find((one) => !isExpected(one));
}

const withPrefix = (message: string): string => (message.startsWith('error: ') || message === '' ? message : `error: ${message}`);

function hintOf(error: UsageError, commandPath: string): string {
  if (error.hint === 'help') return `\nSee '${commandPath} -h' for help and examples`;
  if (error.hint === 'usage' && commandPath === 'kubectl options') return `\nRun '${commandPath}' without flags.`;
  if (error.hint === 'usage') return `\nSee '${commandPath} --help' for usage.`;
  return '';
}

/** helpers.go: StandardErrorMessage. */
function standardMessage(error: unknown): string | undefined {
  if (error instanceof StatusError) {
    const { reason = '', message = '' } = error.status;
    if (reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`;
    return reason === '' ? `Error from server: ${message}` : `Error from server (${reason}): ${message}`;
  }
  if (isConnectionError(error)) {
    const { address, port } = error as { address?: string; port?: number };
    if (error.code === 'ECONNREFUSED')
      return `The connection to the server ${address ?? 'localhost'}:${port ?? ''} was refused - did you specify the right host or port?`;
    const certificate = CERTIFICATE_ERRORS[error.code];
    return `Unable to connect to the server: ${certificate === undefined ? error.message : `tls: failed to verify certificate: x509: ${certificate}`}`;
  }
  return undefined;
}

const lineOf = (error: unknown): string => standardMessage(error) ?? messageOf(error);

/** `The Pod "x" is invalid: …`: from the details, not from the message. */
function invalidText(error: StatusError): string {
  const { details, message = '' } = error.status;
  const causes = details?.causes ?? [];
  const named = (details?.kind ?? '') !== '' || (details?.name ?? '') !== '';
  let text = named ? `The ${details?.kind ?? ''} "${details?.name ?? ''}" is invalid` : 'The request is invalid';
  if (!named && causes.length === 0 && message !== '') text += `: ${message}`;
  if (causes.length === 0) return text;
  const lines = [...new Set(causes.map(causeText))];
  // A newline of its own: a cause that ends in a diff is followed by an empty line
  return lines.length === 1 ? `${text}: ${lines[0]}\n` : `${text}: \n${lines.map((line) => `* ${line}\n`).join('')}`;
}

const causeText = (cause: StatusCause): string => `${cause.field ?? ''}: ${cause.message ?? ''}`;
