"""Statistics (统计, domain reference 8.4): periods, the twelve tables as data, cells, small cells, plots as marks on a sheet."""
