

   
	
# nothing
