import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, IDependable } from 'constructs';

/** The queue that tells of what happens in the bucket, and the one for messages that cannot be read. */
export class Events extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetters: sqs.Queue;
  /** What must be there before a bucket can be told to send. */
  readonly letIn: IDependable;

  constructor(scope: Construct) {
    super(scope, 'Events');
    const common = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };
    this.deadLetters = new sqs.Queue(this, 'DeadLetters', common);
    this.queue = new sqs.Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: Duration.minutes(1),
      // Outlasts an outage of half a day: what fails comes back after at most 15 minutes.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 50 },
    });
    // Any bucket of this account: datasets may be bound to buckets of their own, which send here too.
    this.queue.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('s3.amazonaws.com')], actions: ['sqs:SendMessage'], resources: [this.queue.queueArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    }));
    this.letIn = this.queue.node.findChild('Policy');
  }
}
