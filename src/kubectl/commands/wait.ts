/** kubectl wait (pkg/cmd/wait/wait.go, condition.go, json.go, delete.go, create.go). */
import type { KubeObject } from '../../api/object.js';
import { parseJsonPath } from '../../text/jsonpath.js';
import { type Info, LOCAL_NEEDS_FILES, type Request, requestOf, visit } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { aggregate, filterOut, isNotFound } from '../errors.js';
import { quote } from '../flags.js';
import { objectName } from '../names.js';
import { PrintError } from '../printers/printer.js';
import { relaxedPath, usable } from '../printers/sort.js';
import { type ObjectPrinter, objectPrinter } from '../printing.js';
import * as shared from '../shared-flags.js';
import { A_WEEK, waitGone, watchUntil } from '../waiting.js';

/** What is waited for. */
type Goal = { readonly type: 'delete' } | { readonly type: 'create' } | { readonly type: 'test'; readonly isMet: (object: KubeObject) => boolean };

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly goal: Goal;
  readonly timeout: number;
}

const command: Command<Options> = {
  use: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  short: 'Experimental: wait for a condition of one or many resources',
  long: `Experimental: wait for a condition of one or many resources.

The objects are watched until each of them meets the condition, or --timeout has passed. --for=delete waits until they are gone, --for=create until they are there.

What was met is printed; -o prints the object instead.`,
  examples: `# Until the pod busybox1 is ready
kubectl wait --for=condition=Ready pod/busybox1

# Until a condition is false; case does not matter
kubectl wait --for=condition=Ready=false pod/busybox1

# Until the pod busybox1 has the phase Running
kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1

# Until it has an address
kubectl wait --for=jsonpath='{.status.podIP}' pod/busybox1

# Until the secret busybox1 is there
kubectl create secret generic busybox1
kubectl wait --for=create secret/busybox1 --timeout=30s

# Until the pod busybox1 is gone, but a minute at most
kubectl delete pod/busybox1
kubectl wait --for=delete pod/busybox1 --timeout=60s`,
  flags: [
    shared.ALL('Take all objects of the given types in the namespace'),
    shared.ALL_NAMESPACES,
    ...shared.PRINT,
    shared.FIELD_SELECTOR,
    shared.FILENAME('that name the objects.'),
    {
      name: 'for',
      type: 'string',
      usage:
        "What to wait for: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]]. condition-value is true unless given; case does not matter.",
    },
    shared.LOCAL,
    { ...shared.RECURSIVE, default: 'true' },
    shared.SELECTOR,
    { name: 'timeout', type: 'duration', default: '30s', usage: 'How long to wait. Zero: look once. Negative: a week.' },
  ],
  async complete(args, flags) {
    if (flags.bool('local') && flags.strings('filename').length === 0) throw new UsageError(LOCAL_NEEDS_FILES);
    const goal = goalOf(flags.string('for'));
    const timeout = flags.duration('timeout');
    return { request: { ...requestOf(flags, args), latest: true }, flags, goal, timeout: timeout < 0 ? A_WEEK : timeout };
  },
  run,
};
export default command;

function goalOf(text: string): Goal {
  const lower = text.toLowerCase();
  if (lower === 'delete' || lower === 'create') return { type: lower };
  if (text.startsWith('condition=')) {
    const [name = '', ...value] = text.slice('condition='.length).split('=');
    const wanted = value.length === 0 ? 'true' : value.join('=');
    return { type: 'test', isMet: (object) => hasCondition(object, name.toLowerCase(), wanted.toLowerCase()) };
  }
  if (text.startsWith('jsonpath=')) return { type: 'test', isMet: jsonPathTest(text.slice('jsonpath='.length)) };
  throw new UsageError(`unrecognized condition: ${quote(text)}`);
}

interface Conditioned extends KubeObject {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type?: string; readonly status?: string; readonly observedGeneration?: number }[];
  };
}

/** A status that is about an older generation does not count. */
function hasCondition(object: KubeObject, name: string, wanted: string): boolean {
  const { status, metadata } = object as Conditioned;
  const condition = status?.conditions?.find((one) => one.type?.toLowerCase() === name);
  if (condition === undefined) return false;
  const observed = condition.observedGeneration ?? status?.observedGeneration;
  if (observed !== undefined && observed < (metadata.generation ?? 0)) return false;
  return condition.status?.toLowerCase() === wanted;
}

/** `{.status.phase}=Running`, or without a value: any will do. */
function jsonPathTest(text: string): (object: KubeObject) => boolean {
  const [expression = '', given, ...more] = splitInput(text);
  if (more.length > 0)
    throw new UsageError("jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'");
  const relaxed = usable(() => relaxedPath(expression));
  const wanted = given?.replace(/^['"]+|['"]+$/g, '');
  if (wanted === '') throw new UsageError("jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3");
  if (relaxed === '') throw new UsageError('jsonpath expression cannot be empty');
  const path = usable(() => parseJsonPath(relaxed, { allowMissingKeys: true }));
  return (object) => {
    const found = usable(() => path.results(object)).flat();
    if (found.length === 0) return false;
    if (found.length > 1) throw new UsageError('given jsonpath expression matches more than one value');
    const value = found[0];
    if (wanted === undefined) return true;
    if (typeof value === 'object' && value !== null) throw new UsageError('jsonpath leads to a nested object or list which is not supported');
    return String(value) === wanted;
  };
}

/** Parts between single `=`; a double one is part of a filter (splitJSONPathInput). */
const splitInput = (text: string): readonly string[] =>
  text
    .replaceAll('==', '\0')
    .split('=')
    .map((part) => part.replaceAll('\0', '=='));

async function run(options: Options, factory: Factory): Promise<void> {
  const { flags, goal } = options;
  const print = await objectPrinter(factory, flags, 'condition met');
  // The cluster's time is known once it has answered something.
  let end: number | undefined;
  const deadline = () => {
    end ??= factory.now() + options.timeout;
    return end;
  };
  if (goal.type === 'create') return waitCreated(options, factory, print, deadline);
  factory.endOnSignal(1);
  let count = 0;
  const { errors } = await visit(factory, options.request, async (info) => {
    count += 1;
    const left = Math.max(0, deadline() - factory.now());
    // Whoever comes after the one that used up the time is not looked at any more
    if (left === 0 && options.timeout > 0 && goal.type !== 'delete') throw timedOut(info);
    if (goal.type === 'delete') await waitDeleted(factory, info, left, options.timeout === 0);
    else await waitMet(factory, info, left, goal.isMet, options.timeout === 0);
    try {
      print(info.object as KubeObject);
    } catch (failure) {
      // kubectl does not look at what the printer says (wait.go)
      if (!(failure instanceof UsageError)) throw failure;
      if (failure instanceof PrintError) factory.streams.out(failure.printed);
    }
  });
  const failure = aggregate(errors);
  const error = goal.type === 'delete' ? filterOut(failure, isNotFound) : failure;
  if (error !== undefined) throw error;
  if (count === 0 && goal.type !== 'delete') throw new UsageError('no matching resources found');
}

const timedOut = (info: Info): UsageError => new UsageError(`timed out waiting for the condition on ${objectName(info)}`);

async function waitDeleted(factory: Factory, info: Info, timeout: number, once: boolean): Promise<void> {
  if (await waitGone(factory, info, info.object?.metadata.uid, timeout)) return;
  throw once ? new UsageError(`condition not met for ${objectName(info)}`) : timedOut(info);
}

async function waitMet(factory: Factory, info: Info, timeout: number, isMet: (object: KubeObject) => boolean, once: boolean): Promise<void> {
  if (once) {
    if (isMet(info.object as KubeObject)) return;
    throw new UsageError(`condition not met for ${objectName(info)}`);
  }
  const met = await watchUntil(factory, info, timeout, (change) => change !== undefined && change.type !== 'DELETED' && isMet(change.object));
  if (!met) throw timedOut(info);
}

/** Looks again every half second; there is nothing yet to watch. */
async function waitCreated(options: Options, factory: Factory, print: ObjectPrinter, deadline: () => number): Promise<void> {
  for (;;) {
    const infos: Info[] = [];
    const { errors } = await visit(factory, options.request, async (info) => void infos.push(info));
    // Of a file an object must be there already: its failure is one of several, and not taken for a NotFound
    const error = aggregate(errors);
    if (error !== undefined && !isNotFound(error)) throw error;
    if (errors.length === 0 && infos.length > 0) {
      for (const info of infos) print(info.object as KubeObject);
      return;
    }
    const left = deadline() - factory.now();
    if (left <= 0) throw new UsageError('timed out waiting for the condition');
    await factory.sleep(Math.min(500, left));
  }
}
