import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as iam from 'aws-cdk-lib/aws-iam';

/** What is done, and to what. */
interface Access {
  readonly action: string;
  readonly on: string;
}

/** ARNs of what EDNA names in its permissions; none for what this deployment does not have. */
export type Resources = Record<string, string[]>;

const file = join(__dirname, '..', '..', 'permissions.json');

/** What a role does, as `Edna.Silo permissions --json` prints it. */
function accessOf(role: string): Access[] {
  const wanted = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Access[]>)[role];
  if (wanted === undefined) throw new Error(`${file} has no role '${role}'.`);
  return wanted;
}

/** What a role does to one thing. */
export function actionsOn(thing: string, role: string): string[] {
  return accessOf(role).filter(one => one.on === thing).map(one => one.action);
}

/** Statements for a role, one for each thing: exactly the actions that the code takes. */
export function statementsFor(role: string, resources: Resources): iam.PolicyStatement[] {
  const things = [...new Set(accessOf(role).map(one => one.on))];
  return things.flatMap(thing => {
    const arns = resources[thing];
    if (arns === undefined) throw new Error(`'${thing}', to which '${role}' does something, is not in this stack.`);
    return arns.length === 0 ? [] : [new iam.PolicyStatement({ actions: actionsOn(thing, role), resources: arns })];
  });
}
