/** `-o json` and `-o yaml` (cli-runtime pkg/printers/json.go, yaml.go, managedfields.go). */
import { goJson } from '../../text/go-json-writer.js';
import { emitYaml } from '../../text/yaml-emitter.js';
import { withoutManagedFields } from '../managed-fields.js';
import { isList, type Printable, type Printer } from './printer.js';

export function jsonPrinter(options: { readonly showManagedFields: boolean; readonly keepOrder: boolean }): Printer {
  return {
    print(object, event) {
      // An object within an event keeps them
      const shown = options.showManagedFields || event !== undefined ? object : stripped(object);
      return event === undefined ? `${goJson(shown, { indent: '    ', keepOrder: options.keepOrder })}\n` : `{"type":"${event}","object":${goJson(shown)}}\n`;
    },
  };
}

export function yamlPrinter(options: { readonly showManagedFields: boolean }): Printer {
  let count = 0;
  return {
    print(object, event) {
      const shown = options.showManagedFields || event !== undefined ? object : stripped(object);
      return `${count++ > 0 ? '---\n' : ''}${emitYaml(event === undefined ? shown : { type: event, object: shown })}`;
    },
  };
}

const stripped = (object: Printable): Printable =>
  isList(object) ? { ...object, items: object.items.map(withoutManagedFields) } : withoutManagedFields(object);
