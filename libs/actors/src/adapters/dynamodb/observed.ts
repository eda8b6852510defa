/** Times every request, by the name that it has in DynamoDB. One attempt is one request here: the SDK's own retries are off. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../ports/clock.js';
import { failedCondition } from './errors.js';
import type { DynamoObserver } from './options.js';

export function observeRequests({ middlewareStack }: Pick<DynamoDBClient, 'middlewareStack'>, clock: Clock, observer: DynamoObserver): void {
  middlewareStack.add(
    (next, { commandName = '' }) => async (request) => {
      const began = clock.mono();
      const over = (ok: boolean): void => observer.requested?.(commandName.replace(/Command$/, ''), clock.mono() - began, ok);
      try {
        const answer = await next(request);
        over(true);
        return answer;
      } catch (error) {
        over(failedCondition(error) !== undefined);
        throw error;
      }
    },
    { step: 'initialize', name: 'observeRequests' },
  );
}
