// There is no filter by the time of a change: the stages that matter are read as a whole.
const [page, moment] = (poll.next ?? `1 ${poll.until ?? poll.now}`).split(' ');
const hasExclusion = Number(settings.version.slice(1)) >= 31.2;

return {
  Header: { Workday_Common_Header: settings.descriptors ? { Include_Reference_Descriptors_In_Response: true } : null },
  Body: {
    Get_Candidates_Request: {
      '@version': settings.version,
      Request_Criteria: { Recruiting_Stage_Reference: settings.stages.split(',').map(s => ({ [settings.idTypes.stage]: s })) },
      Response_Filter: { As_Of_Entry_DateTime: moment, Page: page, Count: settings.pageSize },
      Response_Group: { Include_Reference: true, Exclude_All_Attachments: hasExclusion ? true : null }
    }
  }
};
