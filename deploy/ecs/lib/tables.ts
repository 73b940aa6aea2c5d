import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });
const number = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.NUMBER });
const binary = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.BINARY });

/** The tables that `init-tables` would make: on demand, encrypted, with point-in-time recovery. They outlive the stack once it is there, but for that of silos. */
export class Tables extends Construct {
  readonly items: dynamodb.Table;
  readonly grainState: dynamodb.Table;
  readonly reminders: dynamodb.Table;
  readonly silos: dynamodb.Table;

  constructor(scope: Construct) {
    super(scope, 'Tables');
    this.items = this.table('Items', text('pk'), text('sk'));
    const indexes = { 'by-path': binary('p'), 'by-dirty': number('d'), 'by-deadline': number('u'), 'by-trash': number('t') };
    for (const [indexName, sortKey] of Object.entries(indexes)) this.items.addLocalSecondaryIndex({ indexName, sortKey, projectionType: dynamodb.ProjectionType.KEYS_ONLY });
    this.grainState = this.table('GrainState', text('GrainReference'), text('GrainType'));
    this.reminders = this.table('Reminders', text('ReminderId'), number('GrainHash'));
    this.reminders.addGlobalSecondaryIndex({ indexName: 'ServiceIdIndex', partitionKey: text('ServiceId'), sortKey: number('GrainHash') });
    this.reminders.addGlobalSecondaryIndex({ indexName: 'ServiceIdGrainReferenceIndex', partitionKey: text('ServiceId'), sortKey: text('GrainReference') });
    this.silos = this.table('Silos', text('DeploymentId'), text('SiloIdentity'), RemovalPolicy.DESTROY);
  }

  get all(): dynamodb.Table[] {
    return [this.items, this.grainState, this.reminders, this.silos];
  }

  private table(id: string, partitionKey: dynamodb.Attribute, sortKey: dynamodb.Attribute, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE): dynamodb.Table {
    return new dynamodb.Table(this, id, {
      partitionKey, sortKey, removalPolicy,
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
  }
}
