Console.Error.WriteLine("usage: aria <verb>");
return 2;
