/** kubectl edit (pkg/cmd/edit/edit.go). */
import { hasFiles, NOTHING_NAMED, type Request, requestOf } from '../builder/index.js';
import { type Command, type FlagValues, UsageError } from '../command.js';
import { editLive } from '../editing.js';
import { RECORD } from '../record.js';
import * as shared from '../shared-flags.js';

const command: Command<{ readonly request: Request; readonly flags: FlagValues }> = {
  use: 'edit (RESOURCE/NAME | -f FILENAME)',
  short: 'Edit a resource on the server',
  long: `Edit objects of the server in your editor: KUBE_EDITOR, EDITOR, or vi.

Several objects can be edited in one file. What was changed is sent when the editor ends; if the server refuses it, the editor opens again with the reason on top. An empty file changes nothing.`,
  examples: `# A service
kubectl edit svc/registry

# With another editor
KUBE_EDITOR="nano" kubectl edit svc/registry

# As JSON
kubectl edit job.v1.batch/myjob -o json

# And note the configuration for apply
kubectl edit deployment/mydeployment -o yaml --save-config`,
  flags: [
    ...shared.PRINT,
    shared.FIELD_MANAGER('kubectl-edit'),
    ...shared.FILES('Files, directories or URLs that name the objects to edit'),
    { name: 'output-patch', type: 'bool', usage: 'Print the patch that is sent.' },
    RECORD,
    shared.SAVE_CONFIG,
    shared.SUBRESOURCE('Edit this subresource of the object.'),
    shared.VALIDATE,
    { name: 'windows-line-endings', type: 'bool', usage: 'End lines as Windows does. By default as this machine does.' },
  ],
  async complete(args, flags) {
    const request = requestOf(flags, args);
    if (args.length === 0 && !hasFiles(request)) {
      throw new UsageError(NOTHING_NAMED);
    }
    return { request, flags };
  },
  validate: ({ flags }) => void shared.validationOf(flags),
  run: ({ request, flags }, factory) => editLive(factory, flags, request),
};
export default command;
