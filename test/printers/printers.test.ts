import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { time } from '../../src/api/time.js';
import {
  isHumanReadable,
  makePrinter,
  type PrinterOptions,
  type Table,
  type TableGroup,
  type TableOptions,
  TablePrinter,
} from '../../src/kubectl/printers/index.js';
import { sortObjects, sortTable } from '../../src/kubectl/printers/sort.js';

const files: Readonly<Record<string, string>> = {
  'path.txt': '{.metadata.name}',
  'columns.txt': 'NAME  PHASE\nmetadata.name  {.status.phase}\n',
  'short.txt': 'NAME\n',
  'uneven.txt': 'NAME PHASE\nmetadata.name\n',
};
const readFile = async (path: string): Promise<string> => files[path] ?? Promise.reject(new Error(`open ${path}: no such file or directory`));
const pod = (name: string, more: object = {}): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, ...more });
const deployment: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };

async function printed(
  output: string,
  objects: readonly Parameters<Awaited<ReturnType<typeof makePrinter>>['print']>[0][],
  options: PrinterOptions & { template?: string } = {},
) {
  const printer = await makePrinter({ output, template: options.template ?? '', readFile }, options);
  return objects.map((object) => printer.print(object)).join('');
}

describe('formats', () => {
  const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: [pod('a', { status: { phase: 'Running' } }), pod('b')] };
  const cases: readonly [string, Promise<string>, string][] = [
    ['name', printed('name', [pod('a'), deployment]), 'pod/a\ndeployment.apps/web\n'],
    ['name of a list', printed('name', [list]), 'pod/a\npod/b\n'],
    ['an operation', printed('', [deployment], { operation: 'created' }), 'deployment.apps/web created\n'],
    ['-o name drops the operation', printed('name', [deployment], { operation: 'created' }), 'deployment.apps/web\n'],
    ['no name', printed('', [{ apiVersion: 'v1', kind: 'Pod', metadata: {} }], { operation: 'created' }), 'pod/<unknown> created\n'],
    [
      'json',
      printed('JSON', [pod('10', { data: { b: '<', a: [], 10: {}, 9: 1 } })]),
      '{\n    "apiVersion": "v1",\n    "data": {\n        "10": {},\n        "9": 1,\n        "a": [],\n        "b": "\\u003c"\n    },\n    "kind": "Pod",\n    "metadata": {\n        "name": "10",\n        "namespace": "default"\n    }\n}\n',
    ],
    [
      'json in the order of structs',
      printed('json', [{ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'x' } }], { keepOrder: true }),
      '{\n    "kind": "Pod",\n    "apiVersion": "v1",\n    "metadata": {\n        "name": "x"\n    }\n}\n',
    ],
    [
      'yaml documents',
      printed('yaml', [deployment, deployment]),
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n',
    ],
    [
      'managed fields are left out',
      printed('yaml', [{ ...deployment, metadata: { name: 'web', managedFields: [] } }]),
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n',
    ],
    ['jsonpath', printed('jsonpath={.metadata.name}', [deployment]), 'web'],
    ['jsonpath by --template', printed('jsonpath', [deployment], { template: '{.kind}' }), 'Deployment'],
    ['jsonpath-file', printed('jsonpath-file=path.txt', [deployment]), 'web'],
    ['custom columns', printed('custom-columns=N:metadata.name,P:.status.phase', [list], { columns: true }), 'N     P\na     Running\nb     <none>\n'],
    ['custom columns without headers', printed('custom-columns=N:metadata.name', [list], { columns: true, noHeaders: true }), 'a\nb\n'],
    ['custom columns from a file', printed('custom-columns-file=columns.txt', [list], { columns: true }), 'NAME   PHASE\na      Running\nb      <none>\n'],
    [
      'custom columns of maps and lists',
      printed('custom-columns=M:metadata,L:items,X:none', [{ ...pod('a'), items: 3, none: null } as never], { columns: true }),
      'M                               L     X\nmap[name:a namespace:default]   3     <nil>\n',
    ],
    ['custom columns of nothing', printed('custom-columns=N:metadata.name', [{ ...list, items: [] }], { columns: true }), 'N\n'],
  ];
  for (const [name, actual, expected] of cases) test(name, async () => expect(await actual).toBe(expected));
});

describe('formats that cannot be', () => {
  const common = 'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml';
  const get = `custom-columns,custom-columns-file,${common.replace(',yaml', ',wide,yaml')}`;
  const cases: readonly [string, PrinterOptions, string][] = [
    ['foo', {}, `unable to match a printer suitable for the output format "foo", allowed formats are: ${common}`],
    ['foo', { columns: true }, `unable to match a printer suitable for the output format "foo", allowed formats are: ${get}`],
    ['wide', {}, `unable to match a printer suitable for the output format "wide", allowed formats are: ${common}`],
    ['jsonpath', {}, 'template format specified but no template given'],
    ['go-template=', {}, 'template format specified but no template given'],
    ['jsonpath={.x', {}, 'error parsing jsonpath {.x, unclosed action\n'],
    ['jsonpath-file=no.txt', {}, 'error reading --template no.txt, open no.txt: no such file or directory\n'],
    ['custom-columns', { columns: true }, 'custom-columns format specified but no custom columns given'],
    ['custom-columns=NAME', { columns: true }, 'unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>'],
    ['custom-columns=A:{x}{y}', { columns: true }, "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"],
    [
      'custom-columns-file=short.txt',
      { columns: true },
      'invalid template, missing spec line. Expected format is one line of space separated headers, one line of space separated column specs.',
    ],
    ['custom-columns-file=uneven.txt', { columns: true }, "number of headers (2) and field specifications (1) don't match"],
  ];
  for (const [output, options, message] of cases)
    test(`-o ${output}${options.columns === true ? ' (get)' : ''}`, async () => {
      await expect(makePrinter({ output, readFile }, options)).rejects.toThrow(message);
    });
  test('which are tables', () => {
    expect([
      isHumanReadable({ output: '' }),
      isHumanReadable({ output: 'wide' }),
      isHumanReadable({ output: '', template: '{{.}}' }),
      isHumanReadable({ output: 'yaml' }),
    ]).toEqual([true, true, false, false]);
  });
});

const COLUMNS = [
  { name: 'Name', type: 'string', format: 'name', priority: 0 },
  { name: 'Up-to-date', type: 'string', priority: 0 },
  { name: 'Node', type: 'string', priority: 1 },
];
type Row = readonly [string, string, string, Readonly<Record<string, string>>?];
const table = (rows: readonly Row[], columns = true): Table => ({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  ...(columns ? { columnDefinitions: COLUMNS } : {}),
  rows: rows.map(([name, ready, node, labels]) => ({
    cells: [name, ready, node],
    object: { metadata: { name, namespace: 'ns', ...(labels === undefined ? {} : { labels }) } },
  })),
});
const pods: TableGroup = { resource: 'pods', withNamespace: false };

function tables(options: Omit<TableOptions, 'now'>, ...prints: readonly (readonly [Table | KubeObject, TableGroup, ('ADDED' | 'DELETED')?])[]): string {
  let out = '';
  const printer = new TablePrinter(
    (text) => {
      out += text;
    },
    { ...options, now: () => time(Date.parse('2026-01-01T00:05:00Z')) },
  );
  for (const [value, group, event] of prints) {
    printer.print(value, group, event);
    if (event !== undefined) printer.flush();
  }
  printer.flush();
  expect(printer.isEmpty).toBe(out === '');
  return out;
}

describe('tables', () => {
  const web = table([['web', '1/1', 'n1', { app: 'web', 'x/tier': 'front' }]]);
  const cases: readonly [string, string, string][] = [
    ['narrow', tables({}, [web, pods]), 'NAME   UP-TO-DATE\nweb    1/1\n'],
    ['wide', tables({ wide: true }, [web, pods]), 'NAME   UP-TO-DATE   NODE\nweb    1/1          n1\n'],
    ['no headers', tables({ noHeaders: true }, [web, pods]), 'web   1/1\n'],
    ['with namespace', tables({}, [web, { ...pods, withNamespace: true }]), 'NAMESPACE   NAME   UP-TO-DATE\nns          web    1/1\n'],
    ['with kind', tables({}, [web, { ...pods, kind: 'pod' }]), 'NAME      UP-TO-DATE\npod/web   1/1\n'],
    [
      'label columns',
      tables({ labelColumns: ['app', 'x/tier', 'none'] }, [web, pods]),
      'NAME   UP-TO-DATE   APP   TIER    NONE\nweb    1/1          web   front   \n',
    ],
    [
      'show labels',
      tables({ showLabels: true }, [table([['a', '0', '']]), pods], [web, pods]),
      'NAME   UP-TO-DATE   LABELS\na      0            <none>\nweb    1/1          app=web,x/tier=front\n',
    ],
    ['nothing', tables({}, [table([]), pods]), ''],
    [
      'one header for pages of one kind',
      tables({}, [web, pods], [table([['a-very-long-name', '1', '']]), pods]),
      'NAME               UP-TO-DATE\nweb                1/1\na-very-long-name   1\n',
    ],
    [
      'kinds apart',
      tables(
        {},
        [web, { ...pods, kind: 'pod' }],
        [table([]), { resource: 'services', kind: 'service', withNamespace: false }],
        [web, { resource: 'deployments.apps', kind: 'deployment.apps', withNamespace: false }],
      ),
      'NAME      UP-TO-DATE\npod/web   1/1\n\nNAME                  UP-TO-DATE\ndeployment.apps/web   1/1\n',
    ],
    [
      'kinds without headers',
      tables({ noHeaders: true }, [web, { ...pods, kind: 'pod' }], [web, { resource: 'services', kind: 'service', withNamespace: false }]),
      'pod/web   1/1\nservice/web   1/1\n',
    ],
    ['first lines and escapes', tables({}, [table([['a\nb', 'x\u001b[1m', '']]), pods]), 'NAME   UP-TO-DATE\na...   x^[[1m\n'],
    [
      'an object without a table',
      tables({}, [pod('web', { metadata: { name: 'web', creationTimestamp: '2026-01-01T00:00:00Z' } }), pods]),
      'NAME   AGE\nweb    5m\n',
    ],
  ];
  for (const [name, actual, expected] of cases) test(name, () => expect(actual).toBe(expected));

  test('watch: widths only grow and the header comes once', () => {
    let out = '';
    const printer = new TablePrinter(
      (text) => {
        out += text;
      },
      { now: () => time(0) },
    );
    for (const [name, columns] of [
      ['web', true],
      ['much-longer', false],
      ['x', false],
    ] as const) {
      printer.print(table([[name, '1/1', '']], columns), pods);
      printer.flush();
    }
    expect(out).toBe('NAME   UP-TO-DATE\nweb    1/1\nmuch-longer   1/1\nx             1/1\n');
  });
  test('watch events', () => {
    expect(tables({}, [web, pods, 'ADDED'], [table([['x', '0/1', '']], false), pods, 'DELETED'])).toBe(
      'EVENT      NAME   UP-TO-DATE\nADDED      web    1/1\nDELETED    x      0/1\n',
    );
  });
});

describe('sorting', () => {
  const values: readonly (readonly [string, object])[] = [
    ['a-10', { v: 'pod-10' }],
    ['b-9', { v: 'pod-9' }],
    ['c', {}],
    ['d', {}],
    ['e', { v: '1Gi' }],
    ['f', { v: '500Mi' }],
    ['g', { v: '10' }],
    ['h', { v: '9' }],
  ];
  const objects = values.map(([name, spec]) => pod(name, { spec }));
  const names = (sorted: readonly KubeObject[]) => sorted.map((object) => object.metadata.name).join(' ');
  test('quantities, text, and absent values first, backwards', () => {
    expect(names(sortObjects(objects, '.spec.v'))).toBe('d c h g f e a-10 b-9');
    expect(names(sortObjects(objects, '{.metadata.name}'))).toBe('a-10 b-9 c d e f g h');
  });
  test('tables', () => {
    const rows: Table = { kind: 'Table', apiVersion: 'meta.k8s.io/v1', rows: objects.map((object) => ({ cells: [], object })) };
    expect(
      sortTable(rows, 'spec.v')
        ?.rows.map((row) => row.object?.metadata.name)
        .join(' '),
    ).toBe('d c h g f e a-10 b-9');
    expect(sortTable(rows, '.nope')).toBeUndefined();
  });
  test('an unknown path', () => {
    expect(() => sortObjects(objects, '.spec.nope')).toThrow('couldn\'t find any field with path "{.spec.nope}" in the list of objects');
    expect(() => sortObjects(objects, '.spec[')).toThrow('unterminated array');
    expect(() => sortObjects(objects.slice(0, 1), '.nope')).toThrow('{.nope}');
    expect(sortObjects([], '.nope')).toEqual([]);
  });
});
