// Rows of the report, whose columns its author chose. As JSON the rows are the answer's own member, as XML they are inside of its root.
const columns = settings.report.columns;

return [].concat(response.body.Report_Entry ?? response.body.Report_Data?.Report_Entry ?? []).map(row => ({
  event_id: `${row[columns.application]} ${row[columns.step]} ${row[columns.changed_at]}`,
  application_id: `${row[columns.candidate]}:${row[columns.application]}`,
  step_id: row[columns.step] ?? null,
  step_name: row[columns.step_name] ?? null,
  changed_at: row[columns.changed_at]
}));
