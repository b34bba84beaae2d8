/** kubectl delete (pkg/cmd/delete/delete.go). */
import type { KubeObject } from '../../api/object.js';
import { addSource, type Info, type Request, requestOf, targetOf, visit } from '../builder/index.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../command.js';
import { aggregate, filterOut, isNotFound } from '../errors.js';
import { kindName } from '../names.js';
import { dryRunSuffix } from '../printing.js';
import { checkRaw, copyRaw, rawFile } from '../raw.js';
import * as shared from '../shared-flags.js';
import { A_WEEK, waitGone } from '../waiting.js';

interface Options {
  readonly request: Request;
  readonly gracePeriod: number;
  readonly force: boolean;
  readonly ignoreNotFound: boolean;
  readonly propagation: shared.Propagation;
  readonly dryRun: shared.DryRun;
  readonly output: string;
  readonly wait: boolean;
  readonly timeout: number;
  readonly raw: string;
  readonly flags: FlagValues;
  readonly interactive: boolean;
  readonly warnClusterScope: boolean;
  readonly err: (text: string) => void;
}

const deletion = new Map(shared.DELETION().map((flag) => [flag.name, flag]));
const own = (name: string, changes: object) => ({ ...(deletion.get(name) as import('../command.js').Flag), ...changes });

const command: Command<Options> = {
  use: 'delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  short: 'Delete resources by file name, stdin, type and name, or type and label selector',
  long: `Delete objects named by files, by stdin, by type and name, or by type and label selector. Only one of these ways can be used at a time.

Some kinds end gracefully: a pod gets time to stop its containers before it is gone. --grace-period says how long, --now makes it one second, and --force takes the object out of the API at once without waiting for the node to confirm it.

Deleting does not look at resource versions: a change that somebody made just before is lost with the object.`,
  examples: `# The pod a file describes
kubectl delete -f ./pod.json

# All files of a directory that end in .json
kubectl delete -f '*.json'

# What stdin describes
cat pod.json | kubectl delete -f -

# Pods and services called "baz" and "foo"
kubectl delete pod,service baz foo

# Pods and services with a label
kubectl delete pods,services -l name=myLabel

# One pod, quickly
kubectl delete pod foo --now

# A pod of a node that is gone
kubectl delete pod foo --force

# All pods of the namespace
kubectl delete pods --all`,
  flags: [
    shared.ALL(),
    shared.ALL_NAMESPACES,
    own('cascade', {}),
    shared.DRY_RUN,
    shared.FIELD_SELECTOR,
    ...shared.FILES('that hold the resource to delete.'),
    own('force', {}),
    own('grace-period', {}),
    { name: 'ignore-not-found', type: 'bool', usage: 'Count what is not there as deleted. On by itself with --all.' },
    { name: 'interactive', short: 'i', type: 'bool', usage: 'Ask before deleting.' },
    { name: 'now', type: 'bool', usage: 'Ask objects to end at once (the same as --grace-period=1).' },
    { name: 'output', short: 'o', type: 'string', usage: 'How to print. "-o name" is the short form (resource/name).' },
    { name: 'raw', type: 'string', usage: 'Path of the server to send DELETE to.' },
    shared.SELECTOR,
    own('timeout', {}),
    own('wait', { default: 'true' }),
  ],
  async complete(args, flags, factory) {
    const request = { ...requestOf(flags, args), local: true, allIsSelector: true };
    let ignoreNotFound = flags.bool('ignore-not-found');
    if ((request.all === true || request.selector !== '' || request.fieldSelector !== '') && !flags.changed('ignore-not-found')) ignoreNotFound = true;
    let gracePeriod = flags.int('grace-period');
    const force = flags.bool('force');
    const propagation = shared.cascadeOf(flags, factory.streams);
    if (flags.bool('now')) {
      if (gracePeriod !== -1) throw new UsageError('--now and --grace-period cannot be specified together');
      gracePeriod = 1;
    }
    // Protects from losing data by habit: 0 without --force means 1 (delete.go)
    if (gracePeriod === 0 && !force) gracePeriod = 1;
    if (force && gracePeriod < 0) gracePeriod = 0;
    return {
      request,
      gracePeriod,
      force,
      ignoreNotFound,
      propagation,
      dryRun: shared.dryRunOf(flags, factory),
      output: flags.string('output'),
      wait: flags.bool('wait'),
      timeout: flags.duration('timeout'),
      raw: flags.string('raw'),
      flags,
      interactive: flags.bool('interactive'),
      warnClusterScope: factory.namespaceGiven && !flags.bool('all-namespaces'),
      err: factory.streams.err,
    };
  },
  validate(options) {
    if (options.raw !== '') {
      if (options.interactive) throw new UsageError('--interactive can not be used with --raw');
      return checkRaw(options.request, options.flags, { selector: false, required: false });
    }
    if (options.output !== '' && options.output !== 'name') throw new UsageError(`unexpected -o output mode: ${options.output}. We only support '-o name'`);
    const { all, selector, fieldSelector } = options.request;
    if (all === true && (selector !== '' || fieldSelector !== '')) throw new UsageError("setting 'all' parameter but found a non empty selector. ");
    if (options.gracePeriod > 0 && options.force) throw new UsageError('--force and --grace-period greater than 0 cannot be specified together');
    if (options.gracePeriod === 0 && options.force) {
      options.err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      );
    }
  },
  run,
};
export default command;

async function run(options: Options, factory: Factory): Promise<void> {
  if (options.raw !== '') {
    const [file] = options.request.filenames ?? [];
    const body = file === undefined ? {} : { body: await rawFile(factory, file) };
    await copyRaw(factory, 'DELETE', options.raw, body);
    return;
  }
  if (options.interactive && !(await confirm(options, factory))) {
    factory.streams.out('deletion is cancelled\n');
    return;
  }
  factory.endOnSignal(1);
  await deleteObjects(options, factory);
}

async function confirm(options: Options, factory: Factory): Promise<boolean> {
  const infos: Info[] = [];
  const { errors } = await visit(factory, options.request, async (info) => void infos.push(info));
  const error = aggregate(errors);
  if (error !== undefined) throw error;
  if (infos.length === 0) {
    factory.streams.out('No resources found\n');
    throw new ExitError(0);
  }
  factory.streams.out(`You are about to delete the following ${infos.length} resource(s):\n`);
  for (const info of infos) factory.streams.out(`${kindOfInfo(info)}/${info.name}\n`);
  factory.streams.out('Do you want to continue? (y/n): ');
  const answer = new TextDecoder().decode(await factory.streams.in.read()).trim();
  return answer === 'y' || answer === 'Y';
}

const kindOfInfo = (info: Info): string =>
  kindName(info.mapping.group === '' ? info.mapping.version : `${info.mapping.group}/${info.mapping.version}`, info.mapping.kind);

/** Deletes and, if asked, waits; also what `run --rm` and `replace --force` do. `quiet`: it does not say so. */
export async function deleteObjects(
  options: Pick<Options, 'request' | 'gracePeriod' | 'propagation' | 'dryRun' | 'ignoreNotFound' | 'output' | 'wait' | 'timeout' | 'warnClusterScope'> & {
    readonly quiet?: boolean;
  },
  factory: Factory,
): Promise<void> {
  const say = (text: string): void => (options.quiet === true ? undefined : factory.streams.out(text));
  const deleted: { info: Info; uid: string | undefined }[] = [];
  let warn = options.warnClusterScope;
  const { count, errors } = await visit(factory, options.request, async (info) => {
    if (warn && !info.mapping.namespaced) {
      factory.warn('deleting cluster-scoped resources, not scoped to the provided namespace');
      warn = false;
    }
    let uid: string | undefined;
    if (options.dryRun !== 'client') {
      try {
        uid = uidOf(await deleteOne(options, factory, info));
      } catch (error) {
        throw addSource('deleting', info.source, error);
      }
    }
    deleted.push({ info, uid });
    const word = `${options.gracePeriod === 0 ? 'force deleted' : 'deleted'}${dryRunSuffix(options.dryRun)}`;
    say(options.output === 'name' ? `${kindOfInfo(info)}/${info.name}\n` : `${kindOfInfo(info)} "${info.name}" ${word}\n`);
  });
  const failure = aggregate(errors);
  const error = options.ignoreNotFound ? filterOut(failure, isNotFound) : failure;
  if (error !== undefined) throw error;
  if (count === 0) say('No resources found\n');
  if (!options.wait || options.dryRun !== 'none') return;
  for (const { info, uid } of deleted) {
    const watched = { mapping: info.mapping, namespace: info.namespace, name: info.name };
    if (!(await waitGone(factory, watched, uid, options.timeout === 0 ? A_WEEK : options.timeout))) {
      throw new UsageError(`timed out waiting for the condition on ${info.mapping.resource}/${info.name}`);
    }
  }
}

async function deleteOne(options: Pick<Options, 'gracePeriod' | 'propagation' | 'dryRun'>, factory: Factory, info: Info): Promise<KubeObject> {
  const body = {
    ...(options.gracePeriod >= 0 ? { gracePeriodSeconds: options.gracePeriod } : {}),
    propagationPolicy: options.propagation,
    ...(options.dryRun === 'server' ? { dryRun: ['All'] } : {}),
  };
  return factory.client.delete(targetOf(info), body);
}

/** The answer is the object, or a Status whose details name its uid. */
function uidOf(answer: KubeObject): string | undefined {
  if (answer.kind === 'Status') return (answer as unknown as { details?: { uid?: string } }).details?.uid;
  return answer.metadata?.uid;
}
