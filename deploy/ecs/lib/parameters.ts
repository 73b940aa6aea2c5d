import { CfnParameter } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Settings } from './settings';

/** What is chosen when the stack is deployed: `--parameters Auth0Audience=…`. */
export class Parameters {
  /** Whose tokens are taken; none where EDNA has no way out to read their keys. */
  readonly tokens?: { readonly issuer: string; readonly audience: string };
  readonly corsOrigins: string[];
  readonly requestsASecond: number;
  readonly requestsAtOnce: number;
  readonly adminKey: string;
  readonly callbackKey: string;
  readonly alarmAddress: CfnParameter;

  constructor(scope: Construct, settings: Settings) {
    const text = (id: string, description: string, more: { default?: string; allowedPattern?: string; constraintDescription?: string } = {}): CfnParameter =>
      new CfnParameter(scope, id, { type: 'String', description, ...more });
    const count = (id: string, description: string, byDefault: number): number =>
      new CfnParameter(scope, id, { type: 'Number', description, default: byDefault, minValue: 1, maxValue: 10_000 }).valueAsNumber;

    if (settings.egress !== 'endpoints') {
      this.tokens = {
        issuer: text('Auth0Issuer', 'The issuer of tokens: https://TENANT.us.auth0.com/', { allowedPattern: '^https://.+/$', constraintDescription: 'https://, and a slash at its end' }).valueAsString,
        audience: text('Auth0Audience', 'The identifier of the API in Auth0.', { allowedPattern: '.+', constraintDescription: 'must not be empty' }).valueAsString,
      };
    }
    this.corsOrigins = new CfnParameter(scope, 'CorsOrigins', { type: 'CommaDelimitedList', default: '*', description: 'Origins whose pages use EDNA and its signed URLs, with commas between them; * for any.' }).valueAsList;
    this.requestsASecond = count('RequestsASecond', 'Requests a second that the API lets through; the rest is answered 429.', 500);
    this.requestsAtOnce = count('RequestsAtOnce', 'Requests that may come at once beyond that.', 1000);
    this.adminKey = text('AdminKeyName', 'The name of the secret that holds the admin\'s key.', { default: 'edna/admin-key' }).valueAsString;
    this.callbackKey = text('CallbackKeyName', 'The name of the secret that holds the key of object events that come by HTTP.', { default: 'edna/callback-key' }).valueAsString;
    this.alarmAddress = text('AlarmAddress', 'The mail address that is told of alarms; empty for none.', { default: '' });
  }
}
