/** Goes through all objects that a command line means: k8s.io/cli-runtime pkg/resource builder.go, visitor.go. */
import { type Factory, UsageError } from '../command.js';
import { aggregate, newAggregate } from '../errors.js';
import { visitArguments } from './arguments.js';
import { visitFiles } from './documents.js';
import { fetchInfo, type Info } from './info.js';
import { checkFileFlags, hasFiles, type Request } from './request.js';

export interface Outcome {
  /** How many objects were visited. */
  readonly count: number;
  /** What failed; nothing was thrown. What could not be read or fetched comes last, as one; what failed of a list is one within it. */
  readonly errors: readonly unknown[];
}

/**
 * Calls `visit` for each object in turn, and goes on after a failure (ContinueOnError). Files are read as they are met, so what
 * stands before a bad document has been visited when the error comes.
 */
export async function visit(factory: Factory, request: Request, visitor: (info: Info) => Promise<void>): Promise<Outcome> {
  checkFileFlags(request);
  // Those of EagerVisitorList, and those of ContinueOnErrorVisitor, which collects outermost
  const unread: unknown[] = [];
  const failures: unknown[] = [];
  let count = 0;
  const call = async (info: Info): Promise<void> => {
    try {
      checkNamespace(factory, info, request);
      // RetrieveLazy
      const whole = info.object === undefined && request.local !== true ? await fetchInfo(factory, info, request) : info;
      if (request.typed === true && whole.object !== undefined) (await import('../patch-schema.js')).requireRegistered(whole.object);
      count += 1;
      await visitor(whole);
    } catch (error) {
      failures.push(error);
    }
  };
  if (hasFiles(request)) await visitFiles(factory, request, call, unread);
  else await visitArguments(factory, request, call, unread);
  return { count, errors: unread.length === 0 ? failures : [...failures, newAggregate(unread)] };
}

/** Like {@link visit}, and throws what failed. */
export async function visitAll(factory: Factory, request: Request, visitor: (info: Info) => Promise<void>): Promise<number> {
  const { count, errors } = await visit(factory, request, visitor);
  const error = aggregate(errors);
  if (error !== undefined) throw error;
  return count;
}

/** All objects at once; throws before anything is done with them (ResultBuilder.Infos). */
export async function collect(factory: Factory, request: Request): Promise<readonly Info[]> {
  const infos: Info[] = [];
  await visitAll(factory, request, async (info) => {
    infos.push(info);
  });
  return infos;
}

/** visitor.go RequireNamespace. Who asks for all namespaces and for one is held to the namespace ''; get and describe forget the one. */
function checkNamespace(factory: Factory, { mapping, namespace }: Info, { allNamespaces, selectAllByDefault }: Request): void {
  if (!factory.namespaceGiven || !mapping.namespaced || namespace === '') return;
  if (allNamespaces === true && selectAllByDefault === true) return;
  const wanted = allNamespaces === true ? '' : factory.namespace;
  if (namespace === wanted) return;
  throw new UsageError(
    `the namespace from the provided object "${namespace}" does not match the namespace "${wanted}". You must pass '--namespace=${namespace}' to perform this operation.`,
  );
}
