/** kubectl apply view-last-applied (pkg/cmd/apply/apply_view_last_applied.go). */
import type { KubeObject } from '../../api/object.js';
import { goJson } from '../../text/go-json-writer.js';
import { emitYaml } from '../../text/yaml-emitter.js';
import { type Info, type Request, requestOf, visit } from '../builder/index.js';
import { type Command, UsageError } from '../command.js';
import { firstOf } from '../errors.js';
import { lastApplied } from '../last-applied.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly output: string;
}

const command: Command<Options> = {
  use: 'view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  short: 'Show the last-applied-configuration annotation of an object',
  long: 'Show what was applied last, as the annotation of the object has it: in YAML, or with -o json in JSON.',
  examples: `# In YAML
kubectl apply view-last-applied deployment/nginx

# In JSON
kubectl apply view-last-applied -f deploy.yaml -o json`,
  flags: [
    shared.ALL('Take all objects of the given types in the namespace'),
    ...shared.FILES('Files, directories or URLs that name the objects'),
    { name: 'output', short: 'o', type: 'string', default: 'yaml', usage: 'Output format. One of (yaml, json)' },
    shared.SELECTOR,
  ],
  complete: async (args, flags) => ({ request: { ...requestOf(flags, args), latest: true }, output: flags.string('output') }),
  async run({ request, output }, factory) {
    if (request.all === true && request.selector !== '')
      throw new UsageError(`found non-empty label selector "${request.selector}" with previously set 'all' parameter. `);
    const infos: Info[] = [];
    const { errors } = await visit(factory, request, async (info) => void infos.push(info));
    if (errors.length > 0) throw firstOf(errors);
    if (output !== 'yaml' && output !== 'json')
      throw new UsageError(`Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`, 'help');
    for (const info of infos) {
      const noted = lastApplied(info.object as KubeObject);
      if (noted === undefined) continue;
      const value = JSON.parse(noted);
      factory.streams.out(output === 'yaml' ? emitYaml(value) : `${goJson(value, { indent: '  ' })}\n`);
    }
  },
};
export default command;
