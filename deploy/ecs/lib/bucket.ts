import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Events } from './queue';

/** What EDNA is told of: `check-store` looks for these. */
const told = [s3.EventType.OBJECT_CREATED, s3.EventType.OBJECT_REMOVED, s3.EventType.LIFECYCLE_EXPIRATION, s3.EventType.OBJECT_TAGGING];

/** Where the bytes lie, as `check-store` wants it (docs/bucket.md). It outlives the stack once that is there. */
export class Store extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, events: Events, corsOrigins: string[]) {
    super(scope, 'Store');
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      // A page completes an upload in parts with the ETag of each, which it sees only when it is exposed.
      cors: [{
        id: 'edna', allowedOrigins: corsOrigins, allowedHeaders: ['*'], exposedHeaders: ['ETag'], maxAge: 3600,
        allowedMethods: [s3.HttpMethods.PUT, s3.HttpMethods.GET, s3.HttpMethods.HEAD],
      }],
      lifecycleRules: [
        // Not fewer than seven days: an upload may be open as long as a signed URL can live.
        { id: 'edna', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        // What was overwritten or removed behind EDNA's back can be brought back for so long.
        { id: 'noncurrent', noncurrentVersionExpiration: Duration.days(30), expiredObjectDeleteMarker: true },
      ],
    });
    // By CloudFormation itself: CDK's own way is a function with a role that may set this for every bucket of the account.
    const bucket = this.bucket.node.defaultChild as s3.CfnBucket;
    bucket.notificationConfiguration = { queueConfigurations: told.map(event => ({ event, queue: events.queue.queueArn })) };
    bucket.node.addDependency(events.letIn);
  }
}
