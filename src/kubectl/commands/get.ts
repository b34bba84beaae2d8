/** kubectl get (pkg/cmd/get/get.go). */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { groupResourceOf, type RestMapping } from '../../client/rest-mapper.js';
import { hasFiles, type Info, type Request, requestOf, visit } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { aggregate, filterOut, firstOf, isNotFound, leavesOf, newAggregate } from '../errors.js';
import { kindName } from '../names.js';
import { isHumanReadable, isTable, makePrinter, type Printable, PrintError, type Table, TablePrinter } from '../printers/index.js';
import { printFlags } from '../printing.js';
import { copyRaw } from '../raw.js';
import { watchLimit } from '../request-timeout.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
}

const FORMATS =
  'json, yaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file, custom-columns, custom-columns-file, wide';

const command: Command<Options> = {
  use: 'get [(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  short: 'Show one or many resources',
  long: `Show one or many resources.

A table says what matters most about each. A label selector (--selector) shows fewer; kinds that live in namespaces are shown of the current one, or of all with -A.

With -o you get the objects themselves, or what a template takes from them.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `# All pods
kubectl get pods

# With more columns, such as the node
kubectl get pods -o wide

# One deployment
kubectl get deployment web

# Deployments as JSON, of a given version and group
kubectl get deployments.v1.apps -o json

# One pod as JSON
kubectl get -o json pod web-pod-13je7

# The object that a file names
kubectl get -f pod.yaml -o json

# Only the phase of a pod
kubectl get -o template pod/web-pod-13je7 --template={{.status.phase}}

# Columns of your own
kubectl get pod test-pod -o custom-columns=CONTAINER:.spec.containers[0].name,IMAGE:.spec.containers[0].image

# Several types
kubectl get deployments,services

# Several objects of several types
kubectl get deploy/web service/frontend pods/web-pod-13je7

# All pods of all namespaces
kubectl get pods --all-namespaces`,
  flags: [
    shared.ALL_NAMESPACES,
    ...shared.PRINT.filter((flag) => flag.name !== 'output'),
    shared.CHUNK_SIZE,
    shared.FIELD_SELECTOR,
    ...shared.FILES('Files, directories or URLs that name the objects to get.'),
    { name: 'ignore-not-found', type: 'bool', usage: 'An object that is not there is no error.' },
    {
      name: 'label-columns',
      short: 'L',
      type: 'stringSlice',
      usage: 'Labels to show as columns, separated by commas; case matters. May be repeated: -L label1 -L label2',
    },
    { name: 'no-headers', type: 'bool', usage: 'Leave the header of tables and custom columns out' },
    { name: 'output', short: 'o', type: 'string', usage: `Output format. One of: (${FORMATS}).` },
    {
      name: 'output-watch-events',
      type: 'bool',
      usage: 'With --watch or --watch-only: say what kind of change each is. What is there already counts as ADDED.',
    },
    { name: 'raw', type: 'string', usage: 'Path of the server to GET, as it is.' },
    shared.SELECTOR,
    { name: 'server-print', type: 'bool', default: 'true', usage: 'Let the server make the table; it knows custom resources too.' },
    { name: 'show-kind', type: 'bool', usage: 'Put the type before the names.' },
    { name: 'show-labels', type: 'bool', usage: 'Show all labels in a last column' },
    { name: 'sort-by', type: 'string', usage: "Sort lists by this field, a JSONPath expression such as '{.metadata.name}'; a number or a text." },
    shared.SUBRESOURCE('Get this subresource of the object.'),
    { name: 'watch', short: 'w', type: 'bool', usage: 'Go on watching for changes after showing what there is.' },
    { name: 'watch-only', type: 'bool', usage: 'Watch for changes without showing first what there is.' },
  ],
  async complete(args, flags, factory) {
    const request = requestOf(flags, args);
    const raw = flags.string('raw');
    if (raw !== '' && args.length > 0) throw new UsageError('arguments may not be passed when --raw is specified');
    if (raw === '') {
      if (flags.string('sort-by') !== '' && (flags.bool('watch') || flags.bool('watch-only')))
        factory.streams.err('warning: --watch requested, --sort-by will be ignored for watch events received\n');
      if (args.length === 0 && !hasFiles(request)) {
        factory.streams.err('You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n');
        throw new UsageError(
          'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
          'help',
        );
      }
    }
    return { request: { ...request, selectAllByDefault: true, latest: true }, flags };
  },
  validate({ flags }) {
    const output = flags.string('output');
    if (flags.string('raw') !== '') {
      if (flags.bool('watch') || flags.bool('watch-only') || flags.string('selector') !== '')
        throw new UsageError('--raw may not be specified with other flags that filter the server request or alter the output');
      if (output !== '') throw new UsageError('--raw and --output are mutually exclusive');
    }
    if (flags.bool('show-labels') && output !== '' && output !== 'wide') throw new UsageError(`--show-labels option cannot be used with ${output} printer`);
    if (flags.bool('output-watch-events') && !flags.bool('watch') && !flags.bool('watch-only')) {
      throw new UsageError('--output-watch-events option can only be used with --watch or --watch-only');
    }
  },
  async run(options, factory) {
    const { flags } = options;
    if (flags.string('raw') !== '') return copyRaw(factory, 'GET', flags.string('raw'));
    if (flags.bool('watch') || flags.bool('watch-only')) return watch(options, factory);
    return isHumanReadable(printFlags(factory, flags)) ? printTables(options, factory) : printObjects(options, factory);
  },
};
export default command;

const AS_TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

/** The request for tables; sorting needs the objects in the rows, and all of them at once. */
function tableRequest({ request, flags }: Options): Request {
  const sorted = flags.string('sort-by') !== '';
  if (!flags.bool('server-print')) return { ...request, whole: true };
  return { ...request, whole: true, accept: AS_TABLE, ...(sorted ? { limit: 0, query: { includeObject: 'Object' } } : {}) };
}

const kindOfMapping = (mapping: RestMapping): string => kindName(mapping.group === '' ? mapping.version : `${mapping.group}/${mapping.version}`, mapping.kind);

function tablePrinter({ flags }: Options, factory: Factory): TablePrinter {
  return new TablePrinter(factory.streams.out, {
    noHeaders: flags.bool('no-headers'),
    wide: flags.string('output') === 'wide',
    labelColumns: flags.strings('label-columns'),
    showLabels: flags.bool('show-labels'),
    now: () => factory.now(),
  });
}

async function printTables(options: Options, factory: Factory): Promise<void> {
  const { request, flags } = options;
  const { infos, error } = await gather(options, factory, tableRequest(options));
  const multiple = new Set(infos.map((info) => groupResourceOf(info.mapping))).size > 1;
  const printer = tablePrinter(options, factory);
  const sortBy = flags.string('sort-by');
  const sorting = sortBy === '' ? undefined : await import('../printers/sort.js');
  const sort = (value: Table | Printable): Table | Printable | undefined => {
    if (sorting === undefined) return value;
    if (isTable(value as { kind: string })) return sorting.sortTable(value as Table, sortBy);
    const { items } = value as { readonly items?: readonly KubeObject[] };
    return items === undefined ? value : ({ ...value, items: sorting.sortObjects(items, sortBy) } as Printable);
  };
  // Several answers are themselves sorted by the field first (get.go: RuntimeSorter).
  const inOrder = sorting === undefined || infos.length < 2 ? infos : sorting.sortItems(infos, sortBy, ({ object }) => object);
  for (const info of inOrder) {
    const value = info.object as unknown as Table | Printable;
    const sorted = sort(value);
    if (sorted === undefined) continue;
    printer.print(sorted, {
      resource: groupResourceOf(info.mapping),
      ...(multiple || flags.bool('show-kind') ? { kind: kindOfMapping(info.mapping) } : {}),
      withNamespace: request.allNamespaces === true && info.mapping.namespaced,
    });
  }
  printer.flush();
  if (printer.isEmpty && error === undefined && !flags.bool('ignore-not-found')) {
    const namespaced = request.allNamespaces !== true && infos.every((info) => info.mapping.namespaced);
    factory.streams.err(namespaced ? `No resources found in ${factory.namespace} namespace.\n` : 'No resources found\n');
  }
  if (error !== undefined) throw newAggregate([error]);
}

async function gather({ flags }: Options, factory: Factory, request: Request): Promise<{ infos: readonly Info[]; error: unknown }> {
  const infos: Info[] = [];
  const { errors } = await visit(factory, request, async (info) => void infos.push(info));
  const error = aggregate(errors);
  return { infos, error: flags.bool('ignore-not-found') ? filterOut(error, isNotFound) : error };
}

/** One named object stands for itself; anything else is a List (Builder.SingleItemImplied). */
async function isSingle(request: Request, factory: Factory): Promise<boolean> {
  if (hasFiles(request)) {
    const [path, ...more] = request.filenames ?? [];
    return path !== undefined && path !== '-' && more.length === 0 && (await factory.files.kind(path))?.kind === 'file';
  }
  const args = request.args ?? [];
  if (args.some((arg) => arg.includes('/'))) return args.length === 1;
  return args.length === 2 && !(args[0] as string).includes(',');
}

async function printObjects(options: Options, factory: Factory): Promise<void> {
  const { flags, request } = options;
  const sortBy = flags.string('sort-by');
  const single = await isSingle(request, factory);
  const { infos, error } = await gather(options, factory, { ...request, ...(sortBy === '' ? {} : { limit: 0 }) });
  if (error !== undefined && single) throw error;
  // utilerrors.Reduce(utilerrors.Flatten(…))
  const left = error === undefined ? undefined : aggregate(leavesOf([error]));
  if (infos.length === 0 && flags.bool('ignore-not-found')) {
    if (left !== undefined) throw left;
    return;
  }
  const printer = await makePrinter(printFlags(factory, flags), { columns: true, noHeaders: flags.bool('no-headers') });
  if (single && infos.length === 1) factory.streams.out(printer.print(infos[0]?.object as Printable));
  else {
    let items: readonly KubeObject[] = infos.map((info) => info.object as KubeObject);
    if (sortBy !== '') items = (await import('../printers/sort.js')).sortObjects(items, sortBy);
    factory.streams.out(printer.print({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items }));
  }
  if (left !== undefined) throw left;
}

async function watch(options: Options, factory: Factory): Promise<void> {
  const { request, flags } = options;
  const human = isHumanReadable(printFlags(factory, flags));
  const base = human
    ? { ...tableRequest({ ...options, flags: { ...flags, string: (name) => (name === 'sort-by' ? '' : flags.string(name)) } }) }
    : { ...request, whole: true };
  const { infos, error } = await gather(options, factory, { ...base, flatten: false, singleType: true });
  // No ContinueOnError
  if (error !== undefined) throw firstOf([error]);
  const [info] = infos;
  if (info === undefined) throw new UsageError('no resources found');
  if (new Set(infos.map((one) => groupResourceOf(one.mapping))).size > 1)
    throw new UsageError('watch is only supported on individual resources and resource collections - more than 1 resource was found');
  const print = await watchPrinter(options, factory, info);
  factory.endOnSignal(1);
  const events = flags.bool('output-watch-events');
  if (infos.length > 1) {
    // They are shown before it says no
    if (!flags.bool('watch-only'))
      print(
        infos.map(({ object }) => object as unknown as Table | Printable),
        events ? 'ADDED' : undefined,
      );
    throw new UsageError('you may only watch a single resource or type of resource at a time');
  }
  const isList = info.name === '';
  if (!flags.bool('watch-only')) {
    const first = info.object as unknown as Table | Printable;
    const { items = [] } = first as unknown as { readonly items?: readonly KubeObject[] };
    print(human || !isList ? [first] : items, events ? 'ADDED' : undefined);
  }
  // A watch of one object from version 0 begins with the object itself, which has been printed.
  let suppress = !isList;
  const stream = await factory.client.watch(
    { resource: info.mapping, namespace: info.namespace },
    {
      query: {
        labelSelector: request.selector ?? '',
        fieldSelector: isList ? (request.fieldSelector ?? '') : `metadata.name=${info.name}`,
        resourceVersion: isList ? (info.object?.metadata?.resourceVersion ?? '') : '0',
        ...(await watchLimit(flags)),
      },
      ...(human && flags.bool('server-print') ? { accept: AS_TABLE } : {}),
    },
  );
  for await (const event of stream) {
    if (event.type === 'BOOKMARK') continue;
    if (event.type === 'ERROR') throw new StatusError(event.object as never);
    if (suppress && event.type === 'ADDED') {
      suppress = false;
      continue;
    }
    suppress = false;
    print([event.object as unknown as Table | Printable], events ? event.type : undefined);
  }
}

type WatchEventName = 'ADDED' | 'MODIFIED' | 'DELETED';

/** Prints what comes at once; tables of it are laid out together. */
type WatchPrinter = (values: readonly (Table | Printable)[], event: WatchEventName | undefined) => void;

async function watchPrinter(options: Options, factory: Factory, info: Info): Promise<WatchPrinter> {
  const { flags, request } = options;
  const flagsOfPrinter = printFlags(factory, flags);
  if (isHumanReadable(flagsOfPrinter)) {
    const tables = tablePrinter(options, factory);
    return (values, event) => {
      const group = {
        resource: groupResourceOf(info.mapping),
        ...(flags.bool('show-kind') ? { kind: kindOfMapping(info.mapping) } : {}),
        withNamespace: request.allNamespaces === true && info.mapping.namespaced,
      };
      for (const value of values) tables.print(value, group, event);
      tables.flush();
    };
  }
  const printer = await makePrinter(flagsOfPrinter, { columns: true, noHeaders: flags.bool('no-headers') });
  return (values, event) => {
    try {
      const isWhole = event === undefined || ['json', 'yaml', 'name'].includes(flagsOfPrinter.output.toLowerCase());
      // Templates and columns are about the event, which holds the object
      for (const value of values) factory.streams.out(printer.print((isWhole ? value : { type: event, object: value }) as unknown as Printable, event));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const message = `unable to output the provided object: ${error.message}`;
      throw error instanceof PrintError ? new PrintError(message, error.printed) : new UsageError(message);
    }
  };
}
