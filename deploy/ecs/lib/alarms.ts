import { CfnCondition, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Running } from './cluster';
import { Events } from './queue';
import { Parameters } from './parameters';
import { Search } from './search';
import { Tables } from './tables';

/** What is watched. */
export interface AlarmProps {
  readonly api: apigateway.HttpApi;
  readonly services: { readonly Silo: Running; readonly Gateway: Running };
  readonly tables: Tables;
  readonly events: Events;
  readonly search: Search;
  readonly parameters: Parameters;
}

const { LESS_THAN_THRESHOLD, GREATER_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
const over5Minutes = { period: Duration.minutes(5), statistic: 'Sum' };
const mostOf5Minutes = { period: Duration.minutes(5), statistic: 'Maximum' };

/** What somebody is called for. What to do stands in docs/deploy.md. */
export class Alarms extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, props: AlarmProps) {
    super(scope, 'Alarms');
    // A key of its own: alarms cannot use Amazon's for topics.
    const alarms = new iam.ServicePrincipal('cloudwatch.amazonaws.com');
    const key = new kms.Key(this, 'Key', { description: 'Alarms of EDNA', enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
    key.addToResourcePolicy(new iam.PolicyStatement({ principals: [alarms], actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }));
    this.topic = new sns.Topic(this, 'Topic', { displayName: 'EDNA', enforceSSL: true, masterKey: key });
    // The topic's policy, which refuses whoever comes without TLS, takes the place of the one by which alarms get in unasked.
    this.topic.addToResourcePolicy(new iam.PolicyStatement({
      principals: [alarms], actions: ['sns:Publish'], resources: [this.topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    }));
    this.tellByMail(props.parameters);
    this.watchRequests(props.api, props.services.Gateway.log);
    for (const [name, running] of Object.entries(props.services)) this.watchService(name, running);
    this.watchEvents(props.events);
    this.watchTables(props.tables);
    this.watchSearch(props.search);
  }

  private tellByMail(parameters: Parameters): void {
    const address = parameters.alarmAddress.valueAsString;
    const subscription = new sns.CfnSubscription(this, 'Mail', { protocol: 'email', endpoint: address, topicArn: this.topic.topicArn });
    subscription.cfnOptions.condition = new CfnCondition(this, 'ByMail', { expression: Fn.conditionNot(Fn.conditionEquals(address, '')) });
  }

  private watchRequests(api: apigateway.HttpApi, gatewayLog: logs.LogGroup): void {
    // What the API answers by itself is in there too: no gateway that takes the request, a request that takes longer than 30 seconds.
    this.alarm('ApiFailing', api.metricServerError(over5Minutes), 20, 2, 'Requests are answered 5xx.');
    const failed = gatewayLog.addMetricFilter('Failed', {
      metricNamespace: 'EDNA', metricName: 'failed', metricValue: '1', defaultValue: 0,
      filterPattern: logs.FilterPattern.literal('{ $.type = "edna.activity" && $.outcome = "failed" }'),
    });
    this.alarm('Failing', failed.metric(over5Minutes), 10, 1, 'Requests that change something fail; the activity log says which.');
  }

  private watchService(name: string, { service, log }: Running): void {
    const dimensionsMap = { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName };
    const running = new cloudwatch.Metric({ namespace: 'ECS/ContainerInsights', metricName: 'RunningTaskCount', statistic: 'Minimum', period: Duration.minutes(1), dimensionsMap });
    // Without a task there is nothing that tells how many there are.
    this.alarm(`${name}Few`, running, 2, 5, `Fewer than two tasks of ${name} run.`, { comparisonOperator: LESS_THAN_THRESHOLD, treatMissingData: cloudwatch.TreatMissingData.BREACHING });
    this.alarm(`${name}Cpu`, service.metricCpuUtilization({ period: Duration.minutes(5) }), 90, 3, `The processors of ${name} are at their end.`);
    this.alarm(`${name}Memory`, service.metricMemoryUtilization({ period: Duration.minutes(5) }), 90, 3, `The memory of ${name} is at its end.`);
    const faults = log.addMetricFilter('Faults', {
      metricNamespace: 'EDNA', metricName: `${name.toLowerCase()}Faults`, metricValue: '1', defaultValue: 0, filterPattern: logs.FilterPattern.anyTerm('fail:', 'crit:'),
    });
    this.alarm(`${name}Faults`, faults.metric(over5Minutes), 20, 2, `${name} logs errors.`);
  }

  private watchEvents(events: Events): void {
    this.alarm('DeadLetters', events.deadLetters.metricApproximateNumberOfMessagesVisible(mostOf5Minutes), 0, 1, 'There are object events that could not be read.');
    this.alarm('EventsWait', events.queue.metricApproximateAgeOfOldestMessage(mostOf5Minutes), 900, 2, 'Object events wait for more than a quarter of an hour.');
  }

  private watchTables(tables: Tables): void {
    for (const table of tables.all) {
      // There is a figure only while something is throttled: nothing counts as none.
      const throttled = new cloudwatch.MathExpression({
        expression: 'FILL(reads, 0) + FILL(writes, 0)', period: Duration.minutes(5),
        usingMetrics: { reads: table.metric('ReadThrottleEvents', over5Minutes), writes: table.metric('WriteThrottleEvents', over5Minutes) },
      });
      this.alarm(`${table.node.id}Throttled`, throttled, 100, 2, `DynamoDB throttles the table ${table.node.id}.`);
    }
  }

  private watchSearch({ domain }: Search): void {
    if (domain === undefined) return;
    this.alarm('SearchRed', domain.metricClusterStatusRed(mostOf5Minutes), 0, 1, 'The search domain is red: searches fail, all else goes on.');
    this.alarm('SearchFull', domain.metricFreeStorageSpace({ period: Duration.minutes(5), statistic: 'Minimum' }), 10_000, 1, 'A node of the search domain has less than 10 GB left.', { comparisonOperator: LESS_THAN_THRESHOLD });
    this.alarm('SearchMemory', domain.metricJVMMemoryPressure(mostOf5Minutes), 90, 3, 'The memory of the search domain is at its end.');
  }

  private alarm(id: string, metric: cloudwatch.IMetric, threshold: number, evaluationPeriods: number, alarmDescription: string, more: Partial<cloudwatch.AlarmProps> = {}): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      metric, threshold, evaluationPeriods, alarmDescription, comparisonOperator: GREATER_THAN_THRESHOLD, treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING, ...more,
    });
    alarm.addAlarmAction(new actions.SnsAction(this.topic));
    alarm.addOkAction(new actions.SnsAction(this.topic));
  }
}
