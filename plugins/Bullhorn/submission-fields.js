const job = ['id', 'title', settings.requisitionField].filter(f => f != null);
return `id,status,dateAdded,dateWebResponse,source,isDeleted,candidate(id,firstName,lastName,name,email,mobile,phone),jobOrder(${job.join(',')})`;
