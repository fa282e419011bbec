import { handlerOf, noContent, readJsonObject, Refusal, refusalAnswer, type Answer, type Handler } from '../http.js';
import { OriginCheck } from '../origins.js';
import { parseCallReport, type CallReport } from './call-report.js';

export interface ReportHandlerOptions {
  /** Origins of the pages that may report, compared exactly. Default: the origin that the request itself goes to. */
  allowedOrigins?: readonly string[];
  /** Told of each report. */
  onReport: (report: CallReport) => void | Promise<void>;
  /** Told of what went wrong on the server's side, for a log. */
  onError?: (error: unknown) => void;
}

/** In bytes; a report has some 600. */
const BODY_LIMIT = 4096;

/**
 * Takes the reports of calls: the element's `report-url`. They come as beacons, in plain text, and nobody reads the answer.
 * Whoever can open the page can send one: a report is for statistics and for finding a call, not for a bill.
 */
export function createReportHandler({ allowedOrigins, onReport, onError }: ReportHandlerOptions): Handler {
  const origins = new OriginCheck(allowedOrigins);

  const handle = async (request: Request): Promise<Answer> => {
    if (request.method !== 'POST') throw new Refusal(405, 'method-not-allowed');
    const origin = origins.check(request);
    const report = parseCallReport(await readJsonObject(request, BODY_LIMIT));
    if (!report || report.origin !== origin) throw new Refusal(400, 'bad-request');
    await onReport(report);
    return noContent();
  };

  return handlerOf(async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status >= 500) onError?.(error);
      return refusalAnswer(error, error instanceof Refusal && error.status === 405 ? { Allow: 'POST' } : {});
    }
  });
}
