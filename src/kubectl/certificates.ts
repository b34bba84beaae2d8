/** certificate approve and deny (pkg/cmd/certificates/certificates.go). */
import type { KubeObject } from '../api/object.js';
import { formatTime } from '../api/time.js';
import { hasFiles, type Request, requestOf, visitAll } from './builder/index.js';
import { type Command, type FlagValues, UsageError } from './command.js';
import { objectPrinter } from './printing.js';
import * as shared from './shared-flags.js';

interface Csr extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string }[] };
}

/** The answer to a request as a condition of it. */
export function certificateCommand(
  parts: Pick<Command, 'use' | 'short' | 'long' | 'examples'>,
  verdict: { readonly type: 'Approved' | 'Denied'; readonly reason: string; readonly message: string; readonly word: string },
): Command<{ readonly request: Request; readonly flags: FlagValues }> {
  return {
    ...parts,
    flags: [
      ...shared.PRINT,
      ...shared.FILES('Files, directories or URLs that name the requests'),
      { name: 'force', type: 'bool', usage: `Update the request even if it is ${verdict.word} already.` },
    ],
    async complete(args, flags) {
      const named = args.map((name) => (name.includes('/') ? name : `certificatesigningrequests.certificates.k8s.io/${name}`));
      const request = { ...requestOf(flags, named), latest: true };
      // There is no namespace for what a file names (certificates.go: no NamespaceParam)
      return { request: { ...request, allNamespaces: hasFiles(request) }, flags };
    },
    validate({ request }) {
      if ((request.args?.length ?? 0) === 0 && !hasFiles(request)) throw new UsageError('one or more CSRs must be specified as <name> or -f <filename>');
    },
    async run({ request, flags }, factory) {
      const print = await objectPrinter(factory, flags, verdict.word);
      const opposite = verdict.type === 'Approved' ? 'Denied' : 'Approved';
      const count = await visitAll(factory, request, async (info) => {
        const csr = info.object as Csr;
        if (info.mapping.namespaced) throw new UsageError('namespace may not be empty when retrieving a resource by name');
        if (info.mapping.resource !== 'certificatesigningrequests')
          throw new UsageError(`can only handle CertificateSigningRequest.certificates.k8s.io objects, got ${info.mapping.kind}`);
        const conditions = csr.status?.conditions ?? [];
        if (conditions.some((one) => one.type === opposite)) {
          throw new UsageError(`certificate signing request ${JSON.stringify(info.name)} is already ${opposite}`);
        }
        const done = conditions.some((one) => one.type === verdict.type);
        if (done && !flags.bool('force')) return print(csr);
        const now = formatTime(factory.now());
        const condition = {
          type: verdict.type,
          status: 'True',
          reason: verdict.reason,
          message: verdict.message,
          lastUpdateTime: now,
          lastTransitionTime: now,
        };
        const changed = { ...csr, status: { ...csr.status, conditions: [...conditions.filter((one) => one.type !== verdict.type), condition] } } as KubeObject;
        const target = { resource: info.mapping, name: info.name, subresource: 'approval' };
        print(await factory.client.update<KubeObject>(target, changed));
      });
      if (count === 0) factory.streams.err('No resources found\n');
    },
  };
}
