import type { Language } from '../config/model.ts';
import { composeDocument } from '../reports/documents/compose.ts';
import { type CsvTable, renderCsv } from '../reports/documents/render-csv.ts';
import { renderHtml } from '../reports/documents/render-html.ts';
import { renderReportJson } from '../reports/report-json.ts';
import { renderReportText } from '../reports/report-text.ts';
import { type MadeReport, markOf } from '../storage/make-report.ts';

/** The forms a report comes in. */
export const REPORT_FORMATS = ['text', 'html', 'pdf', 'csv', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportForm {
  readonly format: ReportFormat;
  readonly language: Language;
  readonly table: CsvTable;
}

/** A report in one of its forms. The PDF's fonts are loaded only for a PDF. */
export async function renderReport(
  made: MadeReport,
  { format, language, table }: ReportForm,
): Promise<string | Uint8Array> {
  const { report, frozen, json } = made;
  const mark = frozen === null ? null : markOf(frozen);
  switch (format) {
    case 'text':
      return renderReportText(report, language, mark, made);
    case 'json':
      return json ?? renderReportJson(report, mark);
    case 'csv':
      return renderCsv(report, table, mark);
    case 'html':
      return renderHtml(composeDocument(report, language, mark, made));
    case 'pdf': {
      const { renderPdf } = await import('../reports/documents/render-pdf.ts');
      return renderPdf(composeDocument(report, language, mark, made));
    }
  }
}
